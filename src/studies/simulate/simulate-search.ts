import type { EvaluatorOptions } from '../../evaluators/registry.js'
import type { TabularOptions } from '../../evaluators/tabular/options.js'
import type { TabularEvaluator } from '../../evaluators/tabular/tabular-evaluator.js'
import { createSimulatedExecutor } from '../../execution/simulated-executor.js'
import { ManualClock } from '../../platform/clock.js'
import { createRng } from '../../platform/rng.js'
import type { Budget } from '../../search/budget.js'
import { runSearch } from '../../search/driver.js'
import { Ledger } from '../../search/ledger.js'
import type { Architecture, SearchSpace } from '../../spaces/search-space.js'
import { createStrategy, type StrategyOptions } from '../../strategies/registry.js'

/** The setup of one simulated search. */
export interface SearchSetup {
  readonly seed: string
  readonly strategy: StrategyOptions
  readonly space: SearchSpace
  readonly budget: Budget
  readonly workers: number
  /** The cheapest first; more than one in a search over fidelities. */
  readonly evaluators: readonly { readonly evaluator: TabularEvaluator; readonly options: TabularOptions }[]
}

/** An improvement: from now on this architecture is the best by selection score. */
export interface Improvement {
  /** Number of finished trials, including this one. */
  readonly trials: number
  /** Simulated seconds since the search began. */
  readonly seconds: number
  readonly architecture: Architecture
}

/** The course of one search. */
export interface SimulatedSearch {
  /** In order of time. */
  readonly improvements: readonly Improvement[]
  /** Total number of finished trials. */
  readonly trials: number
  /** Total simulated wall-clock seconds. */
  readonly seconds: number
}

/**
 * Runs one search with the driver of real searches, on simulated workers and a simulated clock. The result depends only
 * on the setup.
 */
export async function simulateSearch(setup: SearchSetup): Promise<SimulatedSearch> {
  const { seed, space, strategy, evaluators } = setup
  const options = evaluators.map((each): EvaluatorOptions => each.options)
  const clock = new ManualClock()
  const executor = createSimulatedExecutor({
    workers: setup.workers,
    clock,
    evaluate(task) {
      const { evaluator } = evaluators[options.indexOf(task.evaluator)] as (typeof evaluators)[number]
      return evaluator.evaluate(task)
    },
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
      evaluator: options.at(-1) as EvaluatorOptions,
      lowerFidelities: options.slice(0, -1),
      budget: setup.budget,
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
