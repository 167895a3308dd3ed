import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { Summary } from '../../src/results/summary.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { type CliResult, runCli, trialTable } from './run-cli.js'

const folder = temporaryFolder('add')
const out = (name: string): string => path.join(folder, name)
const configFile = out('tiny.yaml')

writeFileSync(
  configFile,
  `data: { name: fashion-mnist, train: 300, validation: 100, test: 100, size: 16 }
space: { channels: 4, cells: 1 }
training: { epochs: 3, batch: 32 }
evaluator: { name: fear, threshold: 0.4, ratio: 2, maxEpochs: 4, stage2: { epochs: 1, batch: 64 } }
budget: { trials: 9 }
finalists: 2
resampling: { searches: 0 }
workers: 2
seed: 3
`,
)

const run = (command: string, name: string, sets: readonly string[] = []): Promise<CliResult> =>
  runCli([command, configFile, '--json', '--out', out(name), ...sets.flatMap((set) => ['--set', set])])

type Row = readonly [event: string, arm: string, trial: number]
const trials = (name: string): readonly unknown[] =>
  (trialTable(out(name)) as readonly Row[]).filter(([event]) => event === 'trial.finished')
const journal = (name: string): string => readFileSync(path.join(out(name), 'journal.jsonl'), 'utf8')

/** What must not depend on when the trials were asked for. */
function findings({ arms, rankCorrelation, testAccuracyDifference }: Summary) {
  const found = Object.values(arms).map(({ outcomes, finalists, best, budget, endedBy }) => ({
    outcomes,
    finalists,
    best,
    budget,
    endedBy,
  }))
  return { found, rankCorrelation, testAccuracyDifference }
}

describe('fear-nas resume --add', () => {
  let planned: CliResult

  beforeAll(async () => {
    planned = await run('compare', 'planned')
    expect(planned).toMatchObject({ exitCode: 0 })
  }, 120_000)

  it('goes on with a run that had ended, also after a kill, to the table of a run planned so from the start', async () => {
    expect(await run('compare', 'raised', ['budget.trials=4'])).toMatchObject({ exitCode: 0 })
    const directory = out('raised')
    const killed = await runCli(['resume', directory, '--add', 'trials=2', '--add', 'trials=3'], {
      signal: 'SIGKILL',
      when: 'fear 6/9 trials',
    })
    expect(killed.stderr).toContain('budget: trials 4 -> 9')
    expect(trials('raised').length).toBeLessThan(18)

    // The run keeps the larger budget.
    expect(parse(readFileSync(path.join(directory, 'config.yaml'), 'utf8')).budget).toEqual({ trials: 9 })
    expect(journal('raised')).toMatch(/"event":"run.resumed".*"budget":\{"trials":9\}/)
    const resumed = await runCli(['resume', directory, '--json'])
    expect(resumed).toMatchObject({ exitCode: 0 })
    expect(trials('raised')).toEqual(trials('planned'))
    expect(trials('raised')).toHaveLength(18)
    expect(findings(JSON.parse(resumed.stdout))).toEqual(findings(JSON.parse(planned.stdout)))
  }, 120_000)

  it('refuses what cannot be added, and leaves the run as it was', async () => {
    const before = journal('planned')
    const result = await runCli(['resume', out('planned'), '--add', 'wallClock=30m'])
    expect(result).toMatchObject({ exitCode: 2, stdout: '' })
    expect(result.stderr).toContain('--add wallClock=30m  cannot raise a limit that the run does not have')
    expect(journal('planned')).toBe(before)
  })
})

describe('budgets on the command line', () => {
  it('abort running trials, say so, and tell what was planned, used and overrun in summary and report', async () => {
    const sets = ['evaluator={ name: short-training, epochs: 4, batch: 32 }', 'training.epochs=1']
    const budget = 'budget={ trials: 40, trainingFlops: 3.5e9, epochs: 1e4, atLimit: abort }'
    const result = await run('search', 'aborted', [...sets, budget])
    expect(result).toMatchObject({ exitCode: 0 })
    const { arms }: Summary = JSON.parse(result.stdout)
    const arm = arms['short-training']
    expect(arm?.endedBy).toBe('trainingFlops')
    expect(arm?.outcomes.aborted).toBeGreaterThan(0)
    const use = arm?.budget.find(({ limit }) => limit === 'trainingFlops')
    expect(use).toMatchObject({ planned: 3.5e9, overrun: (use?.used ?? Number.NaN) - 3.5e9 })
    expect(use?.overrun).toBeGreaterThan(0)

    const again = await runCli(['resume', out('aborted')])
    expect(again.stdout).toMatch(/work 3\.\d\d GFLOP of 3\.50 GFLOP, .*FLOP over/)
    expect(again.stdout).toContain(`${arm?.outcomes.aborted} aborted`)
    const report = readFileSync(path.join(out('aborted'), 'report.html'), 'utf8')
    expect(report).toContain('budget of the search')
    expect(report).toContain('of 3.50 GFLOP')
  }, 60_000)
})
