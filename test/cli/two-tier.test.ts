import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.js'
import { type CliResult, runCli, trialTable } from './run-cli.js'

const folder = temporaryFolder('two-tier')
const configFile = path.join(folder, 'two-tier.yaml')

/** A search on real images among small networks, the best 3 of 120 by synflow. */
writeFileSync(
  configFile,
  `data: { name: fashion-mnist, train: 400, validation: 200, test: 300, size: 16 }
space: { channels: 4, cells: 1 }
training: { epochs: 2, batch: 32 }
constraints: { params: <9k }
prefilter: { measure: synflow, keep: 0.025, batch: 64 }
evaluator: { name: short-training, epochs: 1, batch: 32 }
budget: { trials: 3 }
finalists: 2
seed: 3
`,
)

const out = (name: string): string => path.join(folder, name)

interface Scored {
  readonly candidate: number
  readonly architecture: string
  readonly outcome: { readonly score: number; readonly cost: { readonly trainingFlops: number } }
}

/** What the prefilter scored, in the order of its pool. */
function scoresOf(directory: string): readonly Scored[] {
  return readFileSync(path.join(directory, 'journal.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter(({ event }) => event === 'prefilter.scored')
    .toSorted((a, b) => a.candidate - b.candidate)
}

const withoutSeconds = (directory: string) =>
  scoresOf(directory).map(({ candidate, architecture, outcome }) => {
    return [candidate, architecture, outcome.score, outcome.cost.trainingFlops]
  })

const summaryOf = (directory: string) => JSON.parse(readFileSync(path.join(directory, 'summary.json'), 'utf8'))

describe('fear-nas search in two tiers', () => {
  let one: CliResult

  beforeAll(async () => {
    one = await runCli(['search', configFile, '--workers', '1', '--out', out('one')])
  }, 120_000)

  it('says what it scored and kept, what that cost, and the Pareto front', () => {
    expect(one).toMatchObject({ exitCode: 0 })
    expect(one.stdout).toContain('short-training: scoring 120 architectures by synflow')
    expect(one.stdout).toMatch(/prefilter +│ synflow: 3 kept of 120 \(/)
    expect(one.stdout).toMatch(/trained in full +│ 2 finalists/)
    const arm = summaryOf(out('one')).arms['short-training']
    expect(arm.prefilter).toMatchObject({ measure: 'synflow', pool: 120, scored: 120, kept: 3 })
    const { computeSeconds, trainingFlops } = arm.phases['prefilter/measure']
    expect(computeSeconds).toBeGreaterThan(0)
    expect(arm.prefilter).toMatchObject({ computeSeconds, trainingFlops })
    expect(arm.evaluationSeconds).toBeCloseTo(computeSeconds + arm.phases['evaluation/train'].computeSeconds, 9)
    expect(readFileSync(path.join(out('one'), 'report.html'), 'utf8')).toContain(
      'Pareto fronts: the best networks of each size',
    )
  })

  it('spends its trials on the best of the pool, within the constraints', () => {
    const best = scoresOf(out('one')).toSorted((a, b) => b.outcome.score - a.outcome.score)
    const trials = trialTable(out('one')) as readonly (readonly unknown[])[]
    const searched = trials.filter(([event]) => event === 'trial.finished').map((trial) => trial[3])
    expect(new Set(searched)).toEqual(new Set(best.slice(0, 3).map(({ architecture }) => architecture)))
    const { params, flops } = summaryOf(out('one')).arms['short-training'].pareto.accuracy
    for (const network of [...params, ...flops]) expect(network.params).toBeLessThan(9_000)
  })

  it('gives the same table with 2 workers', async () => {
    expect(await runCli(['search', configFile, '--workers', '2', '--out', out('two')])).toMatchObject({ exitCode: 0 })
    expect(withoutSeconds(out('two'))).toEqual(withoutSeconds(out('one')))
    expect(trialTable(out('two'))).toEqual(trialTable(out('one')))
  })

  it.each(['SIGINT', 'SIGKILL'] as const)(
    'goes on after %s in the middle of the prefilter, to the same',
    async (signal) => {
      const directory = out(signal)
      await runCli(['search', configFile, '--workers', '2', '--out', directory], {
        signal,
        when: 'scoring 120 architectures',
      })
      const before = scoresOf(directory)
      expect(before.length).toBeLessThan(120)
      expect(trialTable(directory)).toEqual([])
      const resumed = await runCli(['resume', directory])
      expect(resumed).toMatchObject({ exitCode: 0 })
      if (before.length > 0) expect(resumed.stdout).toContain(`by synflow, ${before.length} done before`)
      // Each once: what was scored is as it was, to the second.
      expect(scoresOf(directory)).toHaveLength(120)
      for (const scored of before) expect(scoresOf(directory)[scored.candidate]).toEqual(scored)
      expect(withoutSeconds(directory)).toEqual(withoutSeconds(out('one')))
      expect(trialTable(directory)).toEqual(trialTable(out('one')))
    },
  )

  it('ends before any work where nothing is within the constraints', async () => {
    const result = await runCli(['search', configFile, '--set', 'constraints.params=<1k', '--out', out('none')])
    expect(result).toMatchObject({ exitCode: 2 })
    expect(result.stderr).toMatch(
      /No architecture of nats-tss is within constraints \(params at most 999\).* \d+ to \d+ p/,
    )
    expect(existsSync(out('none'))).toBe(false)
  })
})
