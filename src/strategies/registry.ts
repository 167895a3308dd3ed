import type { Rng } from '../platform/rng.js'
import type { DuplicateLevel, SearchSpace } from '../spaces/search-space.js'
import { createEnumeration, type EnumerationOptions } from './enumeration.js'
import { createLocalSearch, type LocalSearchOptions } from './local-search/local-search.js'
import { createRandomStrategy, type RandomOptions } from './random.js'
import {
  createRegularizedEvolution,
  defaultEvolution,
  type RegularizedEvolutionOptions,
} from './regularized-evolution.js'
import type { Strategy } from './strategy.js'

interface OptionsByName {
  readonly random: RandomOptions
  readonly 'regularized-evolution': RegularizedEvolutionOptions
  readonly 'local-search': LocalSearchOptions
  readonly enumeration: EnumerationOptions
}

export type StrategyName = keyof OptionsByName

/** The settings of every strategy, told apart by `name`. */
export type StrategyOptions = OptionsByName[StrategyName]

type Factories = {
  readonly [Name in StrategyName]: (options: OptionsByName[Name], space: SearchSpace, rng: Rng) => Strategy
}

const factories: Factories = {
  random: createRandomStrategy,
  'regularized-evolution': createRegularizedEvolution,
  'local-search': createLocalSearch,
  enumeration: createEnumeration,
}

/** The names by which a configuration chooses a strategy. */
export const strategyNames = Object.keys(factories) as readonly StrategyName[]

/** The settings that a strategy has where nothing else is said. */
export function defaultStrategyOptions(name: StrategyName, duplicates: DuplicateLevel): StrategyOptions {
  return name === 'regularized-evolution' ? { name, duplicates, ...defaultEvolution } : { name, duplicates }
}

/** The strategy that `options` ask for. `rng` stands for the run: equal streams make equal strategies. */
export function createStrategy(options: StrategyOptions, space: SearchSpace, rng: Rng): Strategy {
  const create = factories[options.name] as (options: StrategyOptions, space: SearchSpace, rng: Rng) => Strategy
  return create(options, space, rng)
}
