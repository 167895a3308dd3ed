import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.js'
import { type CliResult, runCli, trialTable } from './run-cli.js'

const folder = temporaryFolder('auto')
const configFile = path.join(folder, 'auto.yaml')

/** A search on real images whose threshold is found first. */
writeFileSync(
  configFile,
  `data: { name: fashion-mnist, train: 400, validation: 200, test: 300, size: 16 }
space: { channels: 4, cells: 1 }
training: { epochs: 2, batch: 32 }
evaluator:
  name: fear
  threshold: auto
  calibration: { architectures: 3 }
  maxEpochs: 12
  stage1: { batch: 32, check: window, window: 10 }
  stage2: { epochs: 1, batch: 64 }
budget: { trials: 4 }
finalists: 1
seed: 3
`,
)

const out = (name: string): string => path.join(folder, name)

function calibrationsOf(directory: string) {
  return readFileSync(path.join(directory, 'journal.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter(({ event }) => event === 'calibration.finished')
}

describe('fear-nas search with threshold: auto', () => {
  let one: CliResult
  let threshold: number

  beforeAll(async () => {
    one = await runCli(['search', configFile, '--workers', '1', '--out', out('one')])
    threshold = calibrationsOf(out('one'))[0]?.threshold
  }, 120_000)

  it('says what it found, in the progress, the table and the summary', () => {
    expect(one).toMatchObject({ exitCode: 0 })
    expect(one.stdout).toContain('fear: calibrating the threshold with 3 networks')
    const found = `${(100 * threshold).toFixed(2)} % (`
    expect(one.stdout).toContain(`fear: threshold ${found}`)
    expect(one.stdout).toMatch(new RegExp(`calibrated threshold +│ ${found.replace(/[.(]/g, '\\$&')}`))
    const { arms } = JSON.parse(readFileSync(path.join(out('one'), 'summary.json'), 'utf8'))
    expect(arms.fear.calibration).toMatchObject({ threshold })
    // 13 steps an epoch: a hundred of them take eight.
    const { steps, epochs } = arms.fear.phases['calibration/train']
    expect({ steps, epochs }).toEqual({ steps: 3 * 8 * 13, epochs: 3 * 8 })
  })

  it.each(['SIGINT', 'SIGKILL'] as const)('goes on after %s in mid-calibration, to the same', async (signal) => {
    const directory = out(signal)
    await runCli(['search', configFile, '--workers', '2', '--out', directory], {
      signal,
      when: 'calibrating the threshold',
    })
    expect(calibrationsOf(directory)).toEqual([])
    const resumed = await runCli(['resume', directory])
    expect(resumed).toMatchObject({ exitCode: 0 })
    expect(resumed.stdout).toContain('calibrating the threshold')
    expect(calibrationsOf(directory)).toMatchObject([{ threshold }])
    expect(trialTable(directory)).toEqual(trialTable(out('one')))
  })

  it('ends with a reason, and not at all later, where the calibration fails', async () => {
    const args = ['search', configFile, '--set', 'trialTimeout=0.01', '--out', out('late')]
    const result = await runCli(args)
    expect(result.exitCode).toBe(1)
    expect(result.stderr).toMatch(
      /calibration of FEAR's threshold failed at \|.*: it took longer than 0.01 s. Raise trialT/,
    )
    expect(calibrationsOf(out('late'))).toEqual([])
  })
})
