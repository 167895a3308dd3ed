import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { noCost } from '../../src/evaluators/outcome.js'
import type { SearchServices } from '../../src/search/driver.js'
import {
  keptOf,
  type Prefiltered,
  type PrefilteredNetwork,
  type PrefilterJob,
  poolFor,
  prefilter,
  prefilterCost,
} from '../../src/search/prefilter.js'
import { limitedSpace } from '../../src/spaces/limited-space.js'
import { listedSpace } from '../../src/spaces/listed-space.js'
import { natsTss } from '../../src/spaces/nats-tss/index.js'
import { toyNetwork, toyWorld } from './toy-evaluation.js'
import { type ChangedServices, type WatchedRun, watchedRun } from './watched-run.js'

const job: PrefilterJob = {
  arm: 'fear',
  seed: 7,
  space: natsTss,
  duplicates: 'isomorphism',
  options: { measure: 'synflow', keep: 0.25, pool: 40, batch: 64 },
}

const run = (
  changes: Partial<PrefilterJob> = {},
  services?: ChangedServices,
): Promise<WatchedRun<Prefiltered | null>> => watchedRun((given) => prefilter({ ...job, ...changes }, given), services)

/** An executor in which every second architecture, by its place in the pool, ends without a usable score. */
function failing(ending: 'failed' | 'diverged' | 'infinite'): SearchServices['executor'] {
  const { executor } = toyWorld(2)
  return {
    ...executor,
    async evaluate(task) {
      const evaluation = await executor.evaluate(task)
      if (Number(task.trialSeed.at(-1)) % 2 === 0 || evaluation.outcome.kind !== 'scored') return evaluation
      const spent = { cost: evaluation.outcome.cost, phases: evaluation.outcome.phases }
      if (ending === 'failed') return { outcome: { kind: 'failed', message: 'no luck', ...spent } }
      if (ending === 'diverged') return { outcome: { kind: 'diverged', phase: 'measure', epoch: 0, ...spent } }
      return { outcome: { ...evaluation.outcome, score: Infinity } }
    },
  }
}

describe('a prefilter', () => {
  it('keeps the best share of distinct architectures, each scored by the measure once', async () => {
    const { result, tasks } = await run()
    expect(tasks).toHaveLength(40)
    expect(new Set(tasks.map(({ architecture }) => natsTss.canonical(architecture, 'isomorphism'))).size).toBe(40)
    expect(new Set(tasks.map(({ trialSeed }) => trialSeed.join(' '))).size).toBe(40)
    for (const { evaluator } of tasks) expect(evaluator).toEqual({ name: 'zero-cost', measure: 'synflow', batch: 64 })
    const byScore = tasks
      .map(({ architecture }) => architecture)
      .toSorted((a, b) => toyNetwork(b).accuracy - toyNetwork(a).accuracy)
    expect(new Set(result?.kept)).toEqual(new Set(byScore.slice(0, 10)))
  })

  it('is the same whatever the number of workers, and another with another seed', async () => {
    const [one, ...others] = await Promise.all([1, 2, 3, 16].map((workers) => run({}, { workers })))
    for (const { result } of others) expect(result).toEqual(one?.result)
    expect((await run({ seed: 8 })).result?.kept).not.toEqual(one?.result?.kept)
  })

  it('is booked as the arm’s prefilter, and told as it goes', async () => {
    const { result, ledger, events } = await run()
    if (result === null) expect.fail('stopped')
    const cost = prefilterCost(result)
    expect(cost.computeSeconds).toBeGreaterThan(0)
    expect(ledger.total('fear', 'prefilter').trainingFlops).toBe(cost.trainingFlops)
    expect(ledger.total('fear', 'prefilter').computeSeconds).toBeCloseTo(cost.computeSeconds, 9)
    expect(ledger.total('fear', 'evaluation')).toEqual(noCost)
    const about = { arm: 'fear', architectures: 40 }
    expect(events).toEqual([
      { kind: 'prefilter-started', ...about, measure: 'synflow', scoredBefore: 0 },
      ...Array.from({ length: 40 }, (_, i) => ({ kind: 'prefilter-scored', ...about, scored: i + 1 })),
      { kind: 'prefilter-finished', arm: 'fear', kept: 10, cost },
    ])
  })

  it('goes on where earlier sessions ended: the same is kept, and nothing is scored again', async () => {
    const first = await run()
    const pool = [...(first.result?.pool.entries() ?? [])]
    await fc.assert(
      fc.asyncProperty(fc.subarray(pool), async (known) => {
        const again = await run({ earlier: new Map<number, PrefilteredNetwork>(known) })
        expect(again.result).toEqual(first.result)
        expect(again.tasks).toHaveLength(40 - known.length)
        expect(again.ledger.total('fear').trainingFlops).toBe(first.ledger.total('fear').trainingFlops)
        if (known.length === 40) expect(again.events).toEqual([])
        else expect(again.events[0]).toMatchObject({ kind: 'prefilter-started', scoredBefore: known.length })
      }),
      { numRuns: 20, examples: [[[]], [pool]] },
    )
  })

  it.each(['failed', 'diverged', 'infinite'] as const)('ranks what is %s last, whatever it is', async (ending) => {
    const few = await run({}, { executor: failing(ending) })
    const placeOf = new Map(few.result?.pool.map(({ architecture }, i) => [architecture, i]))
    expect(few.result?.kept).toHaveLength(10)
    for (const architecture of few.result?.kept ?? []) expect((placeOf.get(architecture) ?? 1) % 2).toBe(0)
    // All are kept: first those with a score, then the others in the order in which they were drawn.
    const all = await run({ options: { ...job.options, keep: 1 } }, { executor: failing(ending) })
    const places = all.result?.kept.map((architecture) => placeOf.get(architecture))
    expect(places?.slice(20)).toEqual(Array.from({ length: 20 }, (_, i) => 2 * i + 1))
  })

  it('is an error where nothing has a score, with the reason', async () => {
    const { executor } = toyWorld(2)
    const hopeless: SearchServices['executor'] = {
      ...executor,
      evaluate: async () => ({ outcome: { kind: 'failed', message: 'no engine', cost: noCost, phases: {} } }),
    }
    await expect(run({}, { executor: hopeless })).rejects.toThrow(/no score of any architecture \(no engine\)/)
  })

  it('draws within constraints, and all there are where there are fewer than asked for', async () => {
    const macro = { channels: 4, cells: 1, input: { channels: 1, height: 8, width: 8 }, classes: 10 }
    const limited = limitedSpace(natsTss, { params: { atMost: 5_300 } }, macro)
    for (const { architecture } of (await run({ space: limited })).result?.pool ?? []) {
      expect(limited.part?.holds(architecture)).toBe(true)
    }
    const three = [1, 2_000, 9_000].map((i) => natsTss.at(i))
    const { result } = await run({ space: listedSpace(natsTss, three), duplicates: 'string' })
    expect(new Set(result?.pool.map(({ architecture }) => architecture))).toEqual(new Set(three))
    expect(result?.kept).toHaveLength(1)
  })

  it('that is stopped ends without a choice, and starts no more scores', async () => {
    const stop = new AbortController()
    const { result, tasks } = await run(
      {},
      {
        stop: stop.signal,
        onEvent: (event) => event.kind === 'prefilter-scored' && event.scored === 5 && stop.abort(),
      },
    )
    expect(result).toBeNull()
    expect(tasks.length).toBeLessThan(8)
  })
})

describe('a share', () => {
  it('of the pool for it is at least what is to be kept, of a smaller pool it is not', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 1, max: 100 }), (kept, percent) => {
        const share = percent / 100
        const pool = poolFor(kept, share)
        expect(keptOf(pool, share)).toBeGreaterThanOrEqual(kept)
        if (pool > 1) expect(share * (pool - 1)).toBeLessThan(kept)
      }),
    )
    expect([keptOf(100, 0.07), keptOf(10, 0.3), keptOf(1, 0.01), keptOf(5, 1)]).toEqual([7, 3, 1, 5])
  })
})
