import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { loadConfig } from '../../src/config/load-config.js'
import { type ReplayedRun, replay } from '../../src/journal/replay.js'
import { recordedConfig } from '../../src/runs/recorded-config.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const folder = temporaryFolder('recorded')
const file = path.join(folder, 'config.yaml')

/** A run whose sessions had these configurations, as a journal gives them back. */
function runOf(...configs: readonly unknown[]): ReplayedRun {
  const about = {
    date: '2026-01-01T00:00:00.000Z',
    hardware: { cpu: 'x', physicalCores: 1, logicalCores: 1, memoryBytes: 1, platform: 'x', node: 'x' },
    engine: 'toy',
  }
  const [first, ...others] = configs.map((config) => JSON.parse(JSON.stringify(config)))
  const run = replay([
    { event: 'run.started', schema: 1, command: 'compare', config: first, seed: 1, ...about },
    ...others.map((config) => ({ event: 'run.resumed', config, ...about }) as const),
  ])
  if (run === null) throw new Error('the journal has a line')
  return run
}

const quick = loadConfig('search-configs/quick.yaml')

describe('the configuration that a run goes on with', () => {
  beforeEach(() => rmSync(file, { force: true }))

  it.each(readdirSync('search-configs').filter((name) => name.endsWith('.yaml')))('is that of %s', (name) => {
    const config = loadConfig(path.join('search-configs', name))
    expect(recordedConfig(folder, runOf(config))).toEqual(config)
    writeFileSync(file, stringify(config))
    expect(recordedConfig(folder, runOf(config))).toEqual(config)
  })

  it('has the workers and the time limit of config.yaml, which decide no result', () => {
    const changed = { ...quick, workers: 7, trialTimeout: 5, isolation: 'process' as const }
    writeFileSync(file, stringify(changed))
    expect(recordedConfig(folder, runOf(quick))).toEqual(changed)
  })

  it('is the last one of the journal where config.yaml is still an older one', () => {
    const more = { ...quick, finalists: quick.finalists + 1 }
    const most = { ...quick, finalists: quick.finalists + 2 }
    for (const older of [quick, more]) {
      writeFileSync(file, stringify(older))
      expect(recordedConfig(folder, runOf(quick, more, most))).toEqual(most)
    }
  })

  it('is refused where config.yaml was changed by hand, naming what', () => {
    writeFileSync(file, stringify({ ...quick, seed: 99, finalists: 1 }))
    expect(() => recordedConfig(folder, runOf(quick))).toThrow(
      `${file} was changed in finalists, seed since the run started. Change it back, or delete it`,
    )
  })
})
