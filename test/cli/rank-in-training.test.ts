import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.js'
import { type CliResult, type Interruption, runCli, trialTable } from './run-cli.js'

const folder = temporaryFolder('in-training')
const configFile = path.join(folder, 'tiny.yaml')
const tiny = `data: { name: fashion-mnist, train: 200, validation: 100, test: 200, size: 16 }
space: { channels: 4, cells: 1 }
training: { epochs: 3, batch: 32 }
budget: { trials: 6 }
seed: 3
rank:
  inTraining:
    measures: [snip, synflow]
    batch: 16
    epochs: [0, 1, 2]
    threshold: 0.3
  truth: { sharedSeeds: true }
  bootstrap: 30
`
writeFileSync(configFile, tiny)

const out = (name: string): string => path.join(folder, name)

function run(args: readonly string[], cache: string, interruption?: Interruption): Promise<CliResult> {
  return runCli(args, interruption, { FEAR_NAS_CACHE: out(`cache-${cache}`) })
}

/** A summary's curves, without the seconds, which differ from run to run. */
function curvesOf(json: string): unknown {
  const { inTraining } = JSON.parse(json, (key, value) => (key.endsWith('econds') ? undefined : value))
  return inTraining
}

describe('fear-nas rank with rank.inTraining', () => {
  let first: CliResult

  beforeAll(async () => {
    first = await run(['rank', configFile, '--json', '--workers', '1', '--out', out('first')], 'first')
  }, 120_000)

  it('gives the curves of every score, beside the ranking', () => {
    expect(first).toMatchObject({ exitCode: 0 })
    const { architectures, inTraining, methods, stopped } = JSON.parse(first.stdout)
    expect(methods.map(({ name }: { name: string }) => name)).toEqual(['full-training'])
    expect(architectures).toHaveLength(6)
    expect(stopped).toBe(false)
    expect(inTraining).toMatchObject({
      evaluator: { name: 'measures-in-training', training: 'paper', epochs: [0, 1, 2] },
      outcomes: { scored: 6 },
      epochs: { architectures: 6 },
      threshold: { trainAccuracy: 0.3 },
    })
    const names = inTraining.epochs.curves.map(({ name }: { name: string }) => name)
    expect(names).toEqual(['snip', 'synflow', 'train-accuracy', 'validation-accuracy'])
    const [snip] = inTraining.epochs.curves
    expect(snip.points.map(({ at }: { at: number }) => at)).toEqual([0, 1, 2])
    expect(snip.points[1].subsets.at(-1).spearman.value).toEqual(expect.any(Number))
  })

  it('journals what it saw of every network', () => {
    const events = readFileSync(path.join(out('first'), 'journal.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map(parse)
    const measured = events.filter(({ event, arm }) => event === 'trial.finished' && arm === 'measures-in-training')
    expect(measured).toHaveLength(6)
    for (const { outcome } of measured) {
      expect(outcome.snapshots.map(({ epochs }: { epochs: number }) => epochs)).toEqual([0, 1, 2])
      expect(outcome.snapshots[2].measures).toEqual({ snip: expect.any(Number), synflow: expect.any(Number) })
    }
  })

  it('goes on after SIGKILL, to the same curves, with two workers', async () => {
    const directory = out('killed')
    const when = 'measures-in-training 2/6 trials'
    await run(['rank', configFile, '--workers', '2', '--out', directory], 'killed', { signal: 'SIGKILL', when })
    expect(existsSync(path.join(directory, 'summary.json'))).toBe(false)
    expect(trialTable(directory).length).toBeLessThan(2 * 6)
    const resumed = await run(['resume', directory, '--json'], 'killed')
    expect(resumed).toMatchObject({ exitCode: 0 })
    expect(trialTable(directory)).toEqual(trialTable(out('first')))
    expect(curvesOf(resumed.stdout)).toEqual(curvesOf(first.stdout))
  }, 240_000)

  it('takes its truths from a comparison, and prints a table of its own', async () => {
    const compare = await run(['compare', configFile, '--quiet', '--out', out('comparison')], 'comparison')
    expect(compare).toMatchObject({ exitCode: 0 })
    const from = ['--set', `rank.from=${out('comparison')}`]
    const ranking = await run(['rank', configFile, ...from, '--quiet', '--out', out('after')], 'after')
    expect(ranking).toMatchObject({ exitCode: 0 })
    expect(ranking.stdout).toContain('of 6 architectures (6 reused from earlier runs)')
    expect(ranking.stdout).toMatch(/epochs .*0 .*1 .*2 .*change/)
    expect(ranking.stdout).toMatch(/snip .*synflow .*train-accuracy .*validation-accuracy /s)
    const summary = readFileSync(path.join(out('after'), 'summary.json'), 'utf8')
    expect(curvesOf(summary)).toEqual(curvesOf(first.stdout))
  }, 240_000)
})

describe('bad input', () => {
  it('is one line that points at the file, exit code 2, nothing written', async () => {
    const file = out('bad.yaml')
    writeFileSync(file, tiny.replace('[0, 1, 2]', '[0, 2, 1]'))
    const { stderr, exitCode } = await run(['rank', file, '--out', out('nothing')], 'bad')
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(
      /^.*bad\.yaml:10:20 {2}rank\.inTraining\.epochs\.2 must be more than the value before it, 2, got .*\n$/,
    )
    expect(existsSync(out('nothing'))).toBe(false)
  })
})

// biome-ignore lint/suspicious/noExplicitAny: a line of JSON
function parse(line: string): any {
  return JSON.parse(line)
}
