import type { EvaluatorSettings } from '../evaluators/registry.js'
import type { SearchEvaluators } from '../search/fidelities.js'
import type { StrategyOptions } from '../strategies/registry.js'
import type { ConfigPath } from './issues.js'
import type { Config } from './schema/config.js'

/** A search that a configuration describes: the one of the file, or an arm. */
export interface DescribedSearch extends SearchEvaluators<EvaluatorSettings> {
  /** Where its settings are; empty for those of the file. */
  readonly path: ConfigPath
  readonly strategy: StrategyOptions
  /** Where its strategy is. */
  readonly strategyPath: ConfigPath
}

/** An evaluator of a configuration, and where it is. */
export interface LocatedEvaluator {
  readonly path: ConfigPath
  readonly evaluator: EvaluatorSettings
}

/** The search of the file. */
export function ownSearch({ evaluator, lowerFidelities, strategy }: Config): DescribedSearch {
  return { path: [], evaluator, lowerFidelities, strategy, strategyPath: ['strategy'] }
}

/** The search of the file, and those of its arms. */
export function searchesOf(config: Config): readonly DescribedSearch[] {
  const arms = (config.arms ?? []).map(({ evaluator, lowerFidelities, strategy }, i): DescribedSearch => {
    const path = ['arms', i]
    return {
      path,
      evaluator,
      lowerFidelities,
      strategy: strategy ?? config.strategy,
      strategyPath: [...(strategy === undefined ? [] : path), 'strategy'],
    }
  })
  return [ownSearch(config), ...arms]
}

/** The evaluators of a search, cheapest first. */
export function searchEvaluators({
  path,
  evaluator,
  lowerFidelities = [],
}: Pick<DescribedSearch, 'path' | 'evaluator' | 'lowerFidelities'>): readonly LocatedEvaluator[] {
  return [
    ...lowerFidelities.map((lower, i) => ({ path: [...path, 'lowerFidelities', i], evaluator: lower })),
    { path: [...path, 'evaluator'], evaluator },
  ]
}

/** The evaluators of a ranking. */
export function rankedEvaluators({ rank }: Config): readonly LocatedEvaluator[] {
  return (rank?.evaluators ?? []).map((evaluator, i) => ({ path: ['rank', 'evaluators', i], evaluator }))
}

/** Every evaluator of a configuration. */
export function evaluatorsOf(config: Config): readonly LocatedEvaluator[] {
  return [...searchesOf(config).flatMap(searchEvaluators), ...rankedEvaluators(config)]
}
