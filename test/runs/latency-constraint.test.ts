import { existsSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { readJournal } from '../../src/journal/read-journal.js'
import { ConfigError } from '../../src/platform/errors.js'
import { search } from '../../src/runs/search.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { shortTraining, tinyRun } from './tiny-run.js'

const folder = temporaryFolder('latency-constraint')
const config = { ...tinyRun, evaluator: shortTraining, workers: 1, isolation: 'none' } as const

it('a real search has measured every network that it tries, within the limit', async () => {
  const directory = path.join(folder, 'run')
  const { summary } = await search({ ...config, constraints: { latency: '<10s' } }, { directory })
  const { events } = await readJournal(path.join(directory, 'journal.jsonl'))
  const seconds = new Map(
    events.flatMap((event) => (event.event === 'latency.measured' ? [[event.architecture, event.seconds]] : [])),
  )
  const tried = events.flatMap((event) => (event.event === 'trial.started' ? [event.architecture] : []))
  expect(tried).toHaveLength(3)
  for (const architecture of tried) {
    expect(seconds.get(architecture)).toBeGreaterThan(0)
    expect(seconds.get(architecture)).toBeLessThanOrEqual(10)
  }
  expect(summary.config.constraints).toEqual({ latency: { atMostSeconds: 10 } })
})

it('a limit that nothing meets is refused before anything is written', async () => {
  const directory = path.join(folder, 'none')
  const refused = search({ ...config, constraints: { latency: '<0.001us' } }, { directory })
  await expect(refused).rejects.toThrow(ConfigError)
  await expect(refused).rejects.toThrow(/networks measured take .* ms to .* ms for one image on this machine/)
  expect(existsSync(directory)).toBe(false)
})
