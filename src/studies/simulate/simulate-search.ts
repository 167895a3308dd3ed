import type { EvaluatorOptions } from '../../evaluators/evaluator.js'
import type { TabularEvaluator } from '../../evaluators/tabular/tabular-evaluator.js'
import { createSimulatedExecutor } from '../../execution/simulated-executor.js'
import { ManualClock } from '../../platform/clock.js'
import { createRng } from '../../platform/rng.js'
import { runSearch } from '../../search/driver.js'
import { Ledger } from '../../search/ledger.js'
import type { Architecture, SearchSpace } from '../../spaces/search-space.js'
import { createStrategy, type StrategyOptions } from '../../strategies/registry.js'

/** One search whose evaluations are looked up. */
export interface SearchSetup {
  readonly seed: string
  readonly strategy: StrategyOptions
  readonly space: SearchSpace
  readonly trials: number
  readonly workers: number
  readonly evaluator: TabularEvaluator
  readonly options: EvaluatorOptions
}

/** The search's choice changed: from now on it would hand over this architecture. */
export interface Improvement {
  /** Trials finished, the one that brought it included. */
  readonly trials: number
  /** Simulated seconds since the search began. */
  readonly seconds: number
  readonly architecture: Architecture
}

/** The course of one search. */
export interface SimulatedSearch {
  /** In order of time. */
  readonly improvements: readonly Improvement[]
  /** Trials finished in all. */
  readonly trials: number
  /** Simulated wall-clock seconds in all. */
  readonly seconds: number
}

/**
 * Runs one search by the driver that real searches run by, on simulated workers and a simulated clock. A function of
 * the setup alone.
 */
export async function simulateSearch(setup: SearchSetup): Promise<SimulatedSearch> {
  const { seed, space, strategy, evaluator } = setup
  const clock = new ManualClock()
  const executor = createSimulatedExecutor({
    workers: setup.workers,
    clock,
    evaluate: (task) => evaluator.evaluate(task),
    test: () => Number.NaN,
  })
  const improvements: Improvement[] = []
  let leader = -1
  const { table } = await runSearch(
    {
      arm: 'simulated',
      seed,
      strategy: createStrategy(strategy, space, createRng(seed, 'strategy')),
      canonical: (architecture) => space.canonical(architecture, strategy.duplicates),
      evaluator: setup.options,
      budget: { trials: setup.trials },
    },
    {
      executor,
      wallSeconds: () => clock.now(),
      ledger: new Ledger(),
      onEvent(event) {
        if (event.kind !== 'trial-finished') return
        const { best, finishedTrials, wallSeconds } = event.progress
        if (best === null || best.trial === leader) return
        leader = best.trial
        improvements.push({ trials: finishedTrials, seconds: wallSeconds, architecture: best.architecture })
      },
    },
  )
  return { improvements, trials: table.finished.length, seconds: clock.now() }
}
