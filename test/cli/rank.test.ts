import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.js'
import { type CliResult, type Interruption, runCli, trialTable } from './run-cli.js'

const folder = temporaryFolder('rank')
const configFile = path.join(folder, 'tiny.yaml')

/** A whole ranking on real images in a few seconds. */
const tiny = `data: { name: fashion-mnist, train: 400, validation: 200, test: 300, size: 16 }
space: { channels: 4, cells: 1 }
training: { epochs: 4, batch: 32 }
budget: { trials: 8 }
seed: 3
rank:
  evaluators:
    - { name: fear, threshold: 0.5, maxEpochs: 6, stage1: { batch: 32 }, stage2: { epochs: 2, batch: 64 } }
    - { name: short-training, epochs: 1, batch: 32 }
    - { name: short-training, epochs: 2, batch: 32 }
  bootstrap: 50
`
writeFileSync(configFile, tiny)

const out = (name: string): string => path.join(folder, name)

/** Each test has a cache of its own unless it says whose it shares, so that it cannot live on what others did. */
function run(args: readonly string[], cache: string, interruption?: Interruption): Promise<CliResult> {
  return runCli(args, interruption, { FEAR_NAS_CACHE: out(`cache-${cache}`) })
}

describe('fear-nas rank', () => {
  let first: CliResult

  beforeAll(async () => {
    first = await run(['rank', configFile, '--json', '--workers', '1', '--out', out('first')], 'first')
  }, 120_000)

  it('ends well and prints its summary as JSON, the same as in summary.json', () => {
    expect(first).toMatchObject({ exitCode: 0 })
    const summary = JSON.parse(first.stdout)
    expect(summary).toEqual(JSON.parse(readFileSync(path.join(out('first'), 'summary.json'), 'utf8')))
    expect(summary).toMatchObject({
      schema: 1,
      command: 'fear-nas rank',
      stopped: false,
      reusedTruths: 0,
      truth: { accuracy: 'test', sharedSeeds: false },
    })
    const names = ['full-training', 'fear', 'short-training epochs=1', 'short-training epochs=2']
    expect(summary.methods.map(({ name }: { name: string }) => name)).toEqual(names)
    expect(summary.architectures).toHaveLength(8)
    for (const { truth, scores } of summary.architectures) {
      expect(truth).toBeGreaterThan(0.2)
      expect(Object.keys(scores)).toEqual(names)
    }
    for (const { common, own } of summary.methods) {
      expect(common.map(({ percent }: { percent: number }) => percent)).toEqual([10, 20, 30, 40, 50, 100])
      expect(own.at(-1).spearman.value).toBeGreaterThanOrEqual(-1)
      expect(own.at(-1).seconds.mean).toBeGreaterThan(0)
    }
  })

  it('draws its report', () => {
    const report = readFileSync(path.join(out('first'), 'report.html'), 'utf8')
    for (const chart of ['seconds-against-spearman', 'seconds-against-common-ratio', 'score-against-truth']) {
      expect(report).toContain(`<section class="card" id="${chart}">`)
    }
  })

  it('journals every evaluation', () => {
    expect(trialTable(out('first'))).toHaveLength(4 * 8)
  })

  it.each(['SIGINT', 'SIGKILL'] as const)('goes on after %s, to the same ranking', async (signal) => {
    const directory = out(signal)
    const stopped = await run(['rank', configFile, '--workers', '2', '--out', directory], signal, {
      signal,
      when: 'fear 3/8 trials',
    })
    if (signal === 'SIGINT') {
      expect(stopped.exitCode).toBe(0)
      expect(stopped.stdout).toContain(`fear-nas resume ${directory}`)
    }
    expect(trialTable(directory).length).toBeLessThan(4 * 8)
    const resumed = await run(['resume', directory, '--json'], signal)
    expect(resumed).toMatchObject({ exitCode: 0 })
    expect(trialTable(directory)).toEqual(trialTable(out('first')))
    expect(JSON.parse(resumed.stdout).architectures).toEqual(JSON.parse(first.stdout).architectures)
  })

  it('does not train in full again what an earlier run has trained, and prints a table', async () => {
    const more = ['--set', 'budget.trials=10', '--set', 'rank.evaluators=[{ name: short-training, epochs: 1 }]']
    const extended = await run(['rank', configFile, ...more, '--quiet', '--out', out('extended')], 'first')
    expect(extended).toMatchObject({ exitCode: 0 })
    expect(extended.stdout).toMatch(/full-training .*short-training /s)
    expect(extended.stdout).toContain('of 10 architectures (8 reused from earlier runs)')
    const { architectures } = JSON.parse(readFileSync(path.join(out('extended'), 'summary.json'), 'utf8'))
    expect(architectures.slice(0, 8).map(({ truth }: { truth: number }) => truth)).toEqual(
      JSON.parse(first.stdout).architectures.map(({ truth }: { truth: number }) => truth),
    )
  })

  it('takes over the trainings of a comparison, if it was of the same', async () => {
    const evaluator =
      '{ name: fear, ratio: 1.01, threshold: 0.5, maxEpochs: 6, stage1: { batch: 32 }, stage2: { epochs: 2, batch: 64 } }'
    // Trial 8 is the first that may be rejected.
    const more = ['--set', 'budget.trials=14']
    const compare = await run(
      ['compare', configFile, '--set', `evaluator=${evaluator}`, ...more, '--json', '--out', out('comparison')],
      'comparison',
    )
    expect(compare).toMatchObject({ exitCode: 0 })
    const alike = [...more, '--set', 'rank.truth.sharedSeeds=true']
    const from = [...alike, '--set', `rank.from=${out('comparison')}`]
    const ranking = await run(['rank', configFile, ...from, '--json', '--out', out('after')], 'after')
    expect(ranking).toMatchObject({ exitCode: 0 })
    const { architectures, reusedEvaluations, reusedTruths } = JSON.parse(ranking.stdout)
    expect(reusedTruths).toBe(14)
    // What the comparison rejected is evaluated again, for a ranking rejects nothing; all scores are a ranking's own.
    const { rejected } = JSON.parse(compare.stdout).arms.fear.outcomes
    expect(rejected).toBeGreaterThan(0)
    expect(reusedEvaluations).toBe(14 - rejected)
    // A run that is kept has its journal compressed.
    mkdirSync(out('kept'))
    const journal = readFileSync(path.join(out('comparison'), 'journal.jsonl'))
    writeFileSync(path.join(out('kept'), 'journal.jsonl.gz'), gzipSync(journal))
    const fromKept = [...alike, '--set', `rank.from=${out('kept')}`]
    const kept = await run(['rank', configFile, ...fromKept, '--json', '--out', out('after-kept')], 'after-kept')
    expect(JSON.parse(kept.stdout)).toMatchObject({ reusedEvaluations, reusedTruths, architectures })
    const over = await run(['rank', configFile, '--out', out('kept')], 'after-kept')
    expect(over).toMatchObject({ exitCode: 2, stdout: '' })
    expect(over.stderr).toContain('already holds a run')
    const alone = await run(['rank', configFile, ...alike, '--json', '--out', out('alone')], 'after')
    expect(JSON.parse(alone.stdout)).toMatchObject({ reusedEvaluations: 0, architectures })
    const full = trialTable(out('comparison')).filter((row) => (row as unknown[])[1] === 'full') as unknown[][]
    expect(
      architectures.map((row: { scores: Readonly<Record<string, number>> }) => row.scores['full-training']),
    ).toEqual(full.map((row) => row[5]))

    const other = await run(['rank', configFile, ...from, '--seed', '4', '--out', out('other')], 'other')
    expect(other).toMatchObject({ exitCode: 2 })
    expect(other.stderr).toContain('it differs in seed')
    expect(existsSync(out('other'))).toBe(false)
  }, 120_000)
})

describe('bad input', () => {
  const target = out('nothing')
  const bad = (name: string, text: string): string => {
    writeFileSync(out(name), text)
    return out(name)
  }

  it.each([
    [
      'a misspelt key in a list',
      bad('a.yaml', tiny.replace('threshold', 'treshold')),
      [],
      /a\.yaml:8:21 {2}rank\.evaluators\.0\.treshold is not a setting\. Did you mean threshold\?/,
    ],
    [
      'an evaluator that is none',
      bad('b.yaml', tiny.replace('short-training, epochs: 1', 'short-trainin, epochs: 1')),
      [],
      /b\.yaml:9:15 {2}rank\.evaluators\.1\.name must be one of .*Did you mean short-training\?/,
    ],
    [
      'the same evaluator twice',
      configFile,
      ['--set', 'rank.evaluators.1.epochs=2'],
      /tiny\.yaml:10:7 {2}rank\.evaluators\.2 is the same as rank\.evaluators\.1\./,
    ],
    [
      'a cut that is none',
      configFile,
      ['--set', 'rank.evaluators.0.stage2.cut=cells.99'],
      /--set rank\.evaluators\.0\.stage2\.cut=cells\.99 {2}rank\.evaluators\.0\.stage2\.cut must be a cut/,
    ],
    ['no evaluators', configFile, ['--set', 'rank.evaluators=[]'], /must be a list of at least one evaluator/],
    ['no section rank', bad('c.yaml', tiny.replace(/rank:.*/s, '')), [], /rank needs the setting rank\.evaluators/],
    ['a budget in time', configFile, ['--set', 'budget={ wallClock: 3m }'], /set budget\.trials, and no other budget/],
    ['a comparison that is not there', configFile, ['--set', 'rank.from=nowhere'], /rank\.from: nowhere holds no run/],
  ])('%s: one line, exit code 2, nothing written', async (_, file, options, message) => {
    const result = await run(['rank', file, ...options, '--out', target], 'bad')
    expect(result.stderr).toMatch(message)
    expect(result).toMatchObject({ exitCode: 2 })
    expect(existsSync(target)).toBe(false)
  })

  it('has examples in its help', async () => {
    expect((await run(['rank', '--help'], 'bad')).stdout).toContain('fear-nas rank search-configs/rank-quick.yaml')
  })
})
