import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { costIn, noCost, type Outcome } from '../../src/evaluators/outcome.js'
import type { EvaluatorOptions } from '../../src/evaluators/registry.js'
import type { EvaluationTask, Executor } from '../../src/execution/executor.js'
import { createSimulatedExecutor } from '../../src/execution/simulated-executor.js'
import { ManualClock } from '../../src/platform/clock.js'
import { createRng } from '../../src/platform/rng.js'
import { type Budget, budgetUse } from '../../src/search/budget.js'
import { runSearch, type SearchOptions, type SearchResult, type SearchServices } from '../../src/search/driver.js'
import { resultLag } from '../../src/search/knowledge.js'
import { Ledger } from '../../src/search/ledger.js'
import type { SearchEvent } from '../../src/search/search-event.js'
import type { FinishedTrial, Strategy } from '../../src/strategies/strategy.js'
import { hash, toyEvaluate, toyFear, toyWorld } from './toy-evaluation.js'

const fullTraining: EvaluatorOptions = { name: 'full-training' }

/** Proposes `size` architectures, a0, a1, a2, ... */
function countingStrategy(size = Infinity): Strategy {
  return { name: 'counting', looksAtResults: false, ask: ({ proposed }) => (proposed < size ? `a${proposed}` : null) }
}

/** Mutates the best trial that it may see: what it proposes depends on the history and on its stream. */
const climbingStrategy: Strategy = {
  name: 'climbing',
  ask({ trials, proposed, hasProposed }, rng) {
    const scored = trials.flatMap(({ architecture, outcome }) =>
      outcome.kind === 'scored' ? [{ architecture, score: outcome.score }] : [],
    )
    const best = scored.reduce((a, b) => (b.score > a.score ? b : a), { architecture: 'root', score: 0 })
    const child = `${best.architecture.slice(0, 12)}.${rng.integer(1000)}`
    return hasProposed(child) ? `${child}-${proposed}` : child
  },
}

function searchOptions(changes: Partial<SearchOptions> & { readonly budget: Budget }): SearchOptions {
  return { arm: 'fear', seed: 7, strategy: countingStrategy(), canonical: (a) => a, evaluator: toyFear, ...changes }
}

/** An executor whose trial `i` (architecture `ai`) keeps a worker busy for `seconds(i)` and scores. */
function timedWorld(workers: number, seconds: (index: number) => number) {
  const clock = new ManualClock()
  const executor = createSimulatedExecutor({
    workers,
    clock,
    evaluate: ({ architecture }) => {
      const cost = { ...noCost, computeSeconds: seconds(Number(architecture.slice(1))) }
      const accuracy = (hash(architecture) % 1000) / 1000
      return {
        outcome: {
          kind: 'scored',
          score: accuracy,
          metric: 'validation-accuracy',
          trainAccuracy: accuracy,
          validationAccuracy: accuracy,
          cost,
          phases: { train: cost },
        },
      }
    },
    test: () => 0,
  })
  return { clock, executor }
}

async function search(
  world: { readonly clock: ManualClock; readonly executor: Executor },
  options: SearchOptions,
  services: Partial<SearchServices> = {},
): Promise<SearchResult & { readonly ledger: Ledger; readonly events: readonly SearchEvent[] }> {
  const ledger = new Ledger()
  const events: SearchEvent[] = []
  const result = await runSearch(options, {
    executor: world.executor,
    wallSeconds: () => world.clock.now(),
    ledger,
    onEvent: (event) => events.push(event),
    ...services,
  })
  return { ...result, ledger, events }
}

/** What must not depend on workers or timing. */
function withoutSeconds(trials: readonly FinishedTrial[]) {
  return trials.map(({ index, architecture, outcome }) => {
    const { kind, cost } = outcome
    return {
      index,
      architecture,
      kind,
      flops: cost.trainingFlops,
      steps: cost.steps,
      score: outcome.kind === 'scored' ? outcome.score : null,
      limit: outcome.kind === 'rejected' ? outcome.limit : null,
    }
  })
}

describe('the order of work', () => {
  it('keeps two workers busy and lists trials by index', async () => {
    // Worker 1: trial 0 from 0 to 3, then trial 3. Worker 2: trial 1 from 0 to 1, trial 2 from 1 to 2, trial 4 ...
    const durations = [3, 1, 1, 4, 1]
    const world = timedWorld(2, (i) => durations[i] ?? 0)
    const { table, endedBy, events } = await search(
      world,
      searchOptions({ evaluator: fullTraining, budget: { trials: 5 } }),
    )
    expect(table.finished.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4])
    const log = events.flatMap((event) =>
      event.kind === 'trial-started' ? [`+${event.trial}`] : event.kind === 'trial-finished' ? [`-${event.trial}`] : [],
    )
    // 0: +0 +1; 1: -1 +2; 2: -2 +3; 3: -0 +4; 4: -4; 6: -3.
    expect(log).toEqual(['+0', '+1', '-1', '+2', '-2', '+3', '-0', '+4', '-4', '-3'])
    expect(world.clock.now()).toBe(6)
    expect(endedBy).toBe('trials')
  })

  it('reports progress that is right at every trial', async () => {
    const { events } = await search(
      timedWorld(1, () => 2),
      searchOptions({ evaluator: fullTraining, budget: { trials: 3 } }),
    )
    const progress = events.flatMap((event) => (event.kind === 'trial-finished' ? [event.progress] : []))
    expect(progress.map((p) => [p.finishedTrials, p.runningTrials, p.computeSeconds, p.wallSeconds])).toEqual([
      [1, 0, 2, 2],
      [2, 0, 4, 4],
      [3, 0, 6, 6],
    ])
  })

  it('ends when the strategy has nothing left', async () => {
    const { table, endedBy } = await search(
      timedWorld(3, () => 1),
      searchOptions({ strategy: countingStrategy(4), evaluator: fullTraining, budget: { trials: 100 } }),
    )
    expect(table.finished).toHaveLength(4)
    expect(endedBy).toBe('space-exhausted')
  })

  it('names the seeds of a trial by run and index alone', async () => {
    const tasks: EvaluationTask[] = []
    const executor: Executor = {
      ...toyWorld(1).executor,
      workers: 2,
      evaluate: async (task) => {
        tasks.push(task)
        return toyEvaluate(task, { cheapest: () => Infinity, offer: () => {} })
      },
    }
    await search({ clock: new ManualClock(), executor }, searchOptions({ seed: 'run', budget: { trials: 2 } }))
    expect(tasks.map(({ trialSeed, dataSeed }) => [trialSeed, dataSeed])).toEqual([
      [
        ['run', 'trial', 0],
        ['run', 'data'],
      ],
      [
        ['run', 'trial', 1],
        ['run', 'data'],
      ],
    ])
  })
})

describe('the trial table', () => {
  const table = async (
    workers: number,
    timing: number,
    strategy: Strategy,
    evaluator: EvaluatorOptions = toyFear,
  ): Promise<readonly FinishedTrial[]> => {
    // Seconds a trial takes have nothing to do with its FLOPs, and are others at every timing.
    const world = toyWorld(workers, (architecture) => createRng(timing, architecture).next() ** 4)
    return (await search(world, searchOptions({ strategy, evaluator, budget: { trials: 60 } }))).table.finished
  }

  it.each([countingStrategy(), climbingStrategy])(
    'is the same for any number of workers and any order of completion: $name',
    async (strategy) => {
      const expected = withoutSeconds(await table(1, 0, strategy))
      expect(expected.map(({ index }) => index)).toEqual(Array.from({ length: 60 }, (_, i) => i))
      expect(new Set(expected.map(({ kind }) => kind))).toContain('rejected')
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: 12 }), fc.nat(), async (workers, timing) => {
          expect(withoutSeconds(await table(workers, timing, strategy))).toEqual(expected)
        }),
        { numRuns: 25 },
      )
    },
  )

  it.each([
    { strategy: climbingStrategy, evaluator: fullTraining },
    { strategy: climbingStrategy, evaluator: { ...toyFear, ratio: null } },
    { strategy: countingStrategy(), evaluator: fullTraining },
  ])('is so where nothing is rejected: $strategy.name by $evaluator.name', async ({ strategy, evaluator }) => {
    const expected = withoutSeconds(await table(1, 0, strategy, evaluator))
    expect(expected.map(({ kind }) => kind)).not.toContain('rejected')
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 12 }), fc.nat(), async (workers, timing) => {
        expect(withoutSeconds(await table(workers, timing, strategy, evaluator))).toEqual(expected)
      }),
      { numRuns: 25 },
    )
  })

  it.each([1, 2, 12])(
    'shows a strategy the trials that are at least the lag older, %i workers or more',
    async (workers) => {
      const shown: (readonly number[])[] = []
      const strategy: Strategy = {
        name: 'watching',
        ask({ proposed, trials }) {
          shown.push(trials.map(({ index }) => index))
          return `a${proposed}`
        },
      }
      await table(workers, 1, strategy, fullTraining)
      expect(shown).toEqual(
        shown.map((_, index) => Array.from({ length: Math.max(0, index - resultLag + 1) }, (_, i) => i)),
      )
    },
  )

  it('rejects by the cheapest stage 1 among trials that are at least the lag older', async () => {
    const trials = await table(5, 3, countingStrategy())
    for (const { index, outcome } of trials) {
      if (outcome.kind !== 'rejected') continue
      const older = trials.filter((trial) => trial.index <= index - resultLag)
      expect(outcome.limit).toBe(2 * cheapestStage1(older))
    }
    // ... and nothing else was rejected: scored trials stayed below the limit.
    for (const { index, outcome } of trials) {
      if (outcome.kind !== 'scored') continue
      const older = trials.filter((trial) => trial.index <= index - resultLag)
      expect(outcome.phases.stage1?.trainingFlops).toBeLessThan(2 * cheapestStage1(older))
    }
  })

  it('has no more trials in flight than the lag, and says so', async () => {
    const { events } = await search(toyWorld(20), searchOptions({ budget: { trials: 40 } }))
    expect(events[0]).toMatchObject({ kind: 'arm-started', workers: resultLag, idleWorkers: 20 - resultLag })
    expect(mostInFlight(events)).toBe(resultLag)
  })

  it('uses all workers where nothing is rejected and the strategy does not look at results, which it is not shown', async () => {
    let seen = 0
    const strategy: Strategy = {
      name: 'blind',
      looksAtResults: false,
      ask({ proposed, trials }) {
        seen += trials.length
        return `a${proposed}`
      },
    }
    const { events } = await search(
      toyWorld(20),
      searchOptions({ strategy, evaluator: { ...toyFear, ratio: null }, budget: { trials: 60 } }),
    )
    expect(mostInFlight(events)).toBe(20)
    expect(seen).toBe(0)
  })

  it.each<[string, Partial<SearchOptions> & { readonly budget: Budget }]>([
    ['rejection by work', { budget: { trials: 20 } }],
    ['rejection by seconds', { evaluator: { ...toyFear, cost: 'seconds' }, budget: { trials: 20 } }],
    ['no rejection', { evaluator: { ...toyFear, ratio: null }, budget: { trials: 20 } }],
    ['aborted trials', { budget: { trials: 20, epochs: 1e6, wallSeconds: 1e6, atLimit: 'abort' } }],
  ])('sends tasks that JSON can carry, with %s', async (_, changes) => {
    const { clock, executor } = toyWorld(4)
    const tasks: EvaluationTask[] = []
    const watched: Executor = {
      ...executor,
      evaluate(task) {
        tasks.push(task)
        return executor.evaluate(task)
      },
    }
    await search({ clock, executor: watched }, searchOptions(changes))
    expect(tasks).toHaveLength(20)
    expect(JSON.parse(JSON.stringify(tasks))).toEqual(tasks)
  })

  it('compares measured seconds with the newest reference, shared by all running trials', async () => {
    const world = toyWorld(4, (architecture) => 0.001 * (1 + (hash(architecture) % 7)))
    const { table } = await search(
      world,
      searchOptions({ evaluator: { ...toyFear, cost: 'seconds' }, budget: { trials: 60 } }),
    )
    const rejected = table.finished.filter(({ outcome }) => outcome.kind === 'rejected')
    expect(rejected.length).toBeGreaterThan(0)
    for (const { outcome } of rejected) {
      expect(outcome.kind === 'rejected' && outcome.limit).toBeGreaterThanOrEqual(
        2 * cheapestStage1(table.finished, 'seconds'),
      )
    }
  })
})

function cheapestStage1(trials: readonly FinishedTrial[], unit: 'work' | 'seconds' = 'work'): number {
  return Math.min(
    Infinity,
    ...trials.flatMap(({ outcome }) =>
      outcome.kind === 'scored' ? [costIn(unit, outcome.phases.stage1 ?? noCost)] : [],
    ),
  )
}

function mostInFlight(events: readonly SearchEvent[]): number {
  let inFlight = 0
  let most = 0
  for (const { kind } of events) {
    if (kind === 'trial-started') most = Math.max(most, ++inFlight)
    if (kind === 'trial-finished') inFlight--
  }
  return most
}

describe('budgets', () => {
  it.each([
    // Three workers, two seconds a trial.
    { budget: { trials: 4 }, endedBy: 'trials', trials: 4, overrun: 0 },
    // At 6 s three rounds of three have finished.
    { budget: { wallSeconds: 6 }, endedBy: 'wallSeconds', trials: 9, overrun: 0 },
    // At 5 s the third round runs, and finishes at 6 s.
    { budget: { wallSeconds: 5 }, endedBy: 'wallSeconds', trials: 9, overrun: 1 },
    // After the first trial of round two (8 s of work done) the two others still run: 12 s.
    { budget: { computeSeconds: 8 }, endedBy: 'computeSeconds', trials: 6, overrun: 4 },
    { budget: { trials: 100, computeSeconds: 8, wallSeconds: 60 }, endedBy: 'computeSeconds', trials: 6, overrun: 4 },
  ])('$budget ends after $trials trials, $overrun over', async ({ budget, endedBy, trials, overrun }) => {
    const world = timedWorld(3, () => 2)
    const result = await search(world, searchOptions({ evaluator: fullTraining, budget }))
    expect(result.endedBy).toBe(endedBy)
    expect(result.table.finished).toHaveLength(trials)
    const uses = budgetUse(budget, result.spent)
    expect(uses.find(({ limit }) => limit === endedBy)?.overrun).toBe(overrun)
  })

  it('are never exceeded by more than the trials that were running', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          workers: fc.integer({ min: 1, max: 6 }),
          durations: fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 60, maxLength: 60 }),
          limit: fc.constantFrom('wallSeconds', 'computeSeconds', 'trials'),
          planned: fc.integer({ min: 1, max: 300 }),
        }),
        async ({ workers, durations, limit, planned }) => {
          const duration = (i: number): number => durations[i % durations.length] as number
          const world = timedWorld(workers, duration)
          const budget: Budget = { [limit]: planned, trials: limit === 'trials' ? planned : 60 }
          const { table, ledger } = await search(world, searchOptions({ evaluator: fullTraining, budget }))
          const longest = Math.max(...durations)
          expect(table.finished.length).toBeLessThanOrEqual(budget.trials ?? 0)
          if (limit === 'wallSeconds') expect(world.clock.now()).toBeLessThan(planned + longest)
          if (limit === 'computeSeconds') {
            expect(ledger.total('fear').computeSeconds).toBeLessThan(planned + workers * longest)
          }
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('stopping', () => {
  it('starts nothing more, and waits for what runs', async () => {
    const stop = new AbortController()
    const world = timedWorld(3, () => 2)
    const events: SearchEvent[] = []
    const { table, endedBy } = await search(
      world,
      searchOptions({ evaluator: fullTraining, budget: { trials: 100 } }),
      {
        stop: stop.signal,
        onEvent(event) {
          events.push(event)
          if (event.kind === 'trial-finished' && event.trial === 3) stop.abort()
        },
      },
    )
    expect(endedBy).toBe('stopped')
    expect(table.finished.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5])
    expect(world.clock.now()).toBe(4)
  })

  it('is no stop when everything had been started', async () => {
    const stop = new AbortController()
    const { endedBy, table } = await search(
      timedWorld(3, () => 2),
      searchOptions({ evaluator: fullTraining, budget: { trials: 3 } }),
      { stop: stop.signal, onEvent: ({ kind }) => kind === 'trial-finished' && stop.abort() },
    )
    expect(endedBy).toBe('trials')
    expect(table.finished).toHaveLength(3)
  })
})

describe('failures', () => {
  it('are outcomes of their trials where an evaluation throws', async () => {
    const clock = new ManualClock()
    const executor = createSimulatedExecutor({
      workers: 2,
      clock,
      evaluate(task, rejection) {
        if (task.architecture === 'a3') throw new RangeError('no such layer')
        return toyEvaluate(task, rejection)
      },
      test: () => 0,
    })
    const { table } = await search({ clock, executor }, searchOptions({ budget: { trials: 10 } }))
    expect(table.finished).toHaveLength(10)
    const outcome: Outcome | undefined = table.finished[3]?.outcome
    expect(outcome).toMatchObject({ kind: 'failed', message: 'no such layer' })
  })

  it('end the search where the executor itself gives up', async () => {
    const world = toyWorld(2)
    await world.executor.close()
    await expect(search(world, searchOptions({ budget: { trials: 10 } }))).rejects.toThrow('executor is closed')
  })

  it('end the search where the strategy throws', async () => {
    const strategy: Strategy = {
      name: 'broken',
      ask({ proposed }) {
        if (proposed === 5) throw new RangeError('lost the thread')
        return `a${proposed}`
      },
    }
    await expect(search(toyWorld(2), searchOptions({ strategy, budget: { trials: 10 } }))).rejects.toThrow(
      'lost the thread',
    )
  })
})
