import type { Rng } from '../platform/rng.js'
import type { SearchSpace } from '../spaces/search-space.js'
import type { RandomOptions } from './random.js'
import { createRandomStrategy } from './random.js'
import type { Strategy } from './strategy.js'

/** The settings of every strategy, told apart by `name`. */
export type StrategyOptions = RandomOptions

export type StrategyName = StrategyOptions['name']

type StrategyFactories = {
  readonly [Name in StrategyName]: (
    options: Extract<StrategyOptions, { name: Name }>,
    space: SearchSpace,
    rng: Rng,
  ) => Strategy
}

const factories: StrategyFactories = { random: createRandomStrategy }

/** The names by which a configuration chooses a strategy. */
export const strategyNames = Object.keys(factories) as readonly StrategyName[]

/** The strategy that `options` ask for. `rng` stands for the run: equal streams make equal strategies. */
export function createStrategy(options: StrategyOptions, space: SearchSpace, rng: Rng): Strategy {
  return factories[options.name](options, space, rng)
}
