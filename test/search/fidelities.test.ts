import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EvaluatorOptions } from '../../src/evaluators/registry.js'
import type { EvaluationTask, Executor } from '../../src/execution/executor.js'
import { createRng } from '../../src/platform/rng.js'
import { runSearch, type SearchOptions, type SearchServices } from '../../src/search/driver.js'
import { chooseFinalists, trainFinalists } from '../../src/search/finalists.js'
import { Ledger } from '../../src/search/ledger.js'
import type { SearchEvent } from '../../src/search/search-event.js'
import type { FinishedTrial, Proposal, SearchHistory, Strategy } from '../../src/strategies/strategy.js'
import { toyFear, toyNetwork, toyWorld } from './toy-evaluation.js'

/** FEAR that rejects nothing; FEAR with another cap on stage 1, which rejects; full training. */
const fidelities = {
  lowerFidelities: [
    { ...toyFear, ratio: null, maxEpochs: 12 },
    { ...toyFear, maxEpochs: 11 },
  ],
  evaluator: { name: 'full-training' },
} as const satisfies Pick<SearchOptions, 'evaluator' | 'lowerFidelities'>

/** Proposes what is written, then nothing. Promotions are of trials that it can know: the lag is theirs. */
function written(...proposals: readonly Proposal[]): Strategy {
  return { name: 'written', ask: ({ proposed }) => proposals[proposed] ?? null }
}

const fresh = (count: number, from = 0): readonly string[] => Array.from({ length: count }, (_, i) => `a${from + i}`)

interface Watched {
  readonly tasks: readonly EvaluationTask[]
  readonly events: readonly SearchEvent[]
  readonly ledger: Ledger
  readonly trials: readonly FinishedTrial[]
}

async function search(
  strategy: Strategy,
  changes: Partial<SearchOptions> = {},
  services: Partial<SearchServices> & { readonly workers?: number; readonly timing?: number } = {},
): Promise<Watched> {
  const { workers = 1, timing = 0, ...others } = services
  const world = toyWorld(workers, (architecture) => createRng(timing, architecture).next() ** 4)
  const tasks: EvaluationTask[] = []
  const executor: Executor = {
    ...world.executor,
    evaluate(task) {
      tasks.push(task)
      return world.executor.evaluate(task)
    },
  }
  const events: SearchEvent[] = []
  const ledger = new Ledger()
  const { table } = await runSearch(
    {
      arm: 'rungs',
      seed: 7,
      strategy,
      canonical: (architecture) => architecture,
      budget: { trials: 100 },
      ...fidelities,
      ...changes,
    },
    { executor, wallSeconds: () => world.clock.now(), ledger, onEvent: (event) => events.push(event), ...others },
  )
  return { tasks, events, ledger, trials: table.finished }
}

describe('a promotion', () => {
  const strategy = written(...fresh(9), { promote: 1 }, ...fresh(8, 9), { promote: 9 }, 'b')

  it('evaluates the architecture again by the next evaluator, from the seeds of its first trial', async () => {
    const { tasks, trials } = await search(strategy)
    const [first, second, third] = [1, 9, 18].map((index) => tasks[index])
    expect([first, second, third].map((task) => task?.evaluator)).toEqual([
      ...fidelities.lowerFidelities,
      fidelities.evaluator,
    ])
    for (const task of [second, third]) {
      expect(task).toMatchObject({ architecture: 'a1', trialSeed: [7, 'trial', 1], dataSeed: [7, 'data'] })
    }
    expect(trials[9]).toMatchObject({ index: 9, architecture: 'a1', fidelity: 1, promotes: 1, origin: 1 })
    expect(trials[18]).toMatchObject({ index: 18, architecture: 'a1', fidelity: 2, promotes: 9, origin: 1 })
    expect(trials[19]).toEqual({ index: 19, architecture: 'b', outcome: trials[19]?.outcome })
  })

  it('is told of, and booked by fidelity', async () => {
    const { events, ledger, trials } = await search(strategy)
    for (const kind of ['trial-started', 'trial-finished']) {
      expect(events).toContainEqual(expect.objectContaining({ kind, trial: 9, fidelity: 1, promotes: 1, origin: 1 }))
    }
    expect(events[0]).toMatchObject({ kind: 'arm-started', evaluator: 'fear + fear + full-training' })
    const phases = ledger.phases('rungs')
    expect(phases['evaluation/fidelity-1/stage1']).toEqual(trials[9]?.outcome.phases.stage1)
    expect(phases['evaluation/fidelity-2/train']).toEqual(trials[18]?.outcome.phases.train)
    expect(Object.keys(phases).filter((phase) => !phase.startsWith('evaluation/fidelity-'))).toEqual([])
  })

  it.each([
    ['which is not finished', written('a0', { promote: 1 })],
    ['which was promoted before, as trial 9', written(...fresh(9), { promote: 1 }, { promote: 1 })],
    ['which was evaluated by the last fidelity', written(...fresh(9), { promote: 1 }, { promote: 9 }, { promote: 10 })],
  ])('of a trial %s is refused', async (complaint, wrong) => {
    await expect(search(wrong)).rejects.toThrow(complaint)
  })

  it('of a trial without a score is refused', async () => {
    const below = { ...toyFear, ratio: null, maxEpochs: 4 }
    const slow = fresh(9).findIndex((architecture) => toyNetwork(architecture).epochsToThreshold > below.maxEpochs)
    expect(slow).toBeGreaterThanOrEqual(0)
    const wrong = search(written(...fresh(20), { promote: slow }), { lowerFidelities: [below] })
    await expect(wrong).rejects.toThrow(`The strategy promoted trial ${slow}, which has no score.`)
  })

  it('cannot be where there is one fidelity', async () => {
    await expect(search(strategy, { lowerFidelities: [] })).rejects.toThrow('was evaluated by the last fidelity')
  })
})

/** Halves by whatever it knows: promotes the best trial that it may. */
const eager: Strategy = {
  name: 'eager',
  ask({ promotions, proposed, trials, fidelities: count }: SearchHistory) {
    const best = trials
      .filter(({ index, fidelity = 0, outcome }) => {
        return outcome.kind === 'scored' && fidelity < count - 1 && !promotions.has(index)
      })
      .toSorted((a, b) => (b.fidelity ?? 0) - (a.fidelity ?? 0) || a.index - b.index)[0]
    return best === undefined || proposed % 3 > 0 ? `a${proposed}` : { promote: best.index }
  },
}

describe('a search over fidelities', () => {
  it('has the same table for any number of workers and any order of completion', async () => {
    const table = async (workers: number, timing: number) =>
      (await search(eager, { budget: { trials: 60 } }, { workers, timing })).trials.map(({ outcome, ...trial }) => ({
        ...trial,
        kind: outcome.kind,
        flops: outcome.cost.trainingFlops,
      }))
    const expected = await table(1, 0)
    expect(expected.map(({ fidelity }) => fidelity)).toContain(2)
    expect(expected.map(({ fidelity, kind }) => `${fidelity} ${kind}`)).toContain('1 rejected')
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 12 }), fc.nat(), async (workers, timing) => {
        expect(await table(workers, timing)).toEqual(expected)
      }),
      { numRuns: 20 },
    )
  })

  it('rejects by stage 1 of the same fidelity alone', async () => {
    const reference = { ...toyFear, ratio: 2, maxEpochs: 11 }
    const evaluators: readonly EvaluatorOptions[] = [{ ...toyFear, ratio: 3 }, reference]
    const { trials } = await search(eager, {
      lowerFidelities: evaluators.slice(0, 1),
      evaluator: reference,
      budget: { trials: 90 },
    })
    const seen = new Set<number>()
    for (const { index, fidelity = 0, outcome } of trials) {
      if (outcome.kind !== 'rejected') continue
      const before = trials.filter((trial) => trial.index <= index - 8 && (trial.fidelity ?? 0) === fidelity)
      const cheapest = Math.min(
        ...before.flatMap((trial) =>
          trial.outcome.kind === 'scored' ? [trial.outcome.phases.stage1?.trainingFlops ?? Infinity] : [],
        ),
      )
      expect(outcome.limit).toBe((fidelity === 0 ? 3 : 2) * cheapest)
      seen.add(fidelity)
    }
    expect([...seen].toSorted()).toEqual([0, 1])
  })

  it('asks once more when all is known, before it ends', async () => {
    const asked: (readonly number[])[] = []
    const last: Strategy = {
      name: 'last',
      ask({ proposed, promotions, trials }) {
        asked.push([proposed, trials.length])
        if (proposed < 5) return `a${proposed}`
        const best = trials.find(({ index, outcome }) => outcome.kind === 'scored' && !promotions.has(index))
        return best === undefined || (best.fidelity ?? 0) > 0 ? null : { promote: best.index }
      },
    }
    const { trials } = await search(last, {}, { workers: 3 })
    const scored = trials.filter(({ fidelity, outcome }) => fidelity === undefined && outcome.kind === 'scored')
    expect(scored.length).toBeGreaterThan(1)
    expect(trials.flatMap(({ promotes }) => promotes ?? [])).toEqual(scored.map(({ index }) => index))
    // It knows nothing of trial 4 and those before until it has to.
    expect(asked.filter(([proposed]) => proposed === 5)).toEqual([
      [5, 0],
      [5, 5],
    ])
  })
})

describe('finalists of a search over fidelities', () => {
  const trial = (index: number, score: number | null, place: Partial<FinishedTrial> = {}): FinishedTrial => {
    const base = { cost: { computeSeconds: 0, trainingFlops: 0, steps: 0, epochs: 0 }, phases: {} }
    const accuracies = { trainAccuracy: null, validationAccuracy: null }
    return {
      index,
      architecture: `a${place.origin ?? index}`,
      outcome:
        score === null
          ? { kind: 'below-threshold', bestTrainAccuracy: 0, ...base }
          : { kind: 'scored', score, metric: 'zero-cost', ...accuracies, ...base },
      ...place,
    }
  }
  const trials = [
    trial(0, 900),
    trial(1, 800),
    trial(2, 700),
    trial(3, 600),
    trial(4, 0.2, { fidelity: 1, promotes: 0, origin: 0 }),
    trial(5, 0.6, { fidelity: 1, promotes: 1, origin: 1 }),
    trial(6, null, { fidelity: 1, promotes: 2, origin: 2 }),
    trial(7, 0.1, { fidelity: 2, promotes: 5, origin: 1 }),
  ]

  it('are of the highest fidelity first; an architecture counts by its last evaluation', () => {
    // a2 failed when it was looked at again: its old score says nothing any more.
    expect(chooseFinalists(trials, 10).map(({ index }) => index)).toEqual([7, 4, 3])
    expect(chooseFinalists(trials, 1)).toEqual([
      { index: 7, architecture: 'a1', score: 0.1, fidelity: 2, promotes: 5, origin: 1 },
    ])
  })

  it('are trained from the seeds of their first trial', async () => {
    const { executor } = toyWorld(1)
    const seeds: unknown[] = []
    const chosen = chooseFinalists(trials, 3)
    await trainFinalists(
      { arm: 'rungs', seed: 7, chosen },
      {
        executor: {
          ...executor,
          evaluate(task) {
            seeds.push(task.trialSeed[2])
            return executor.evaluate(task)
          },
        },
        ledger: new Ledger(),
        wallSeconds: () => 0,
      },
    )
    expect(seeds).toEqual([1, 0, 3])
  })
})
