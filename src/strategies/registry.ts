import { closest } from '../platform/closest.js'
import { ConfigError } from '../platform/errors.js'
import { isModulePath } from '../platform/parts/part-kind.js'
import type { Rng } from '../platform/rng.js'
import type { DuplicateLevel, SearchSpace } from '../spaces/search-space.js'
import { createEnumeration, type EnumerationOptions } from './enumeration.js'
import { type AshaOptions, createAsha, defaultEta } from './fidelities/asha.js'
import {
  createSuccessiveHalving,
  defaultInitial,
  type SuccessiveHalvingOptions,
} from './fidelities/successive-halving.js'
import { createLocalSearch, type LocalSearchOptions } from './local-search/local-search.js'
import { createOwnStrategy, type OwnStrategyOptions } from './own-strategy.js'
import { createRandomStrategy, type RandomOptions } from './random.js'
import {
  createRegularizedEvolution,
  defaultEvolution,
  type RegularizedEvolutionOptions,
} from './regularized-evolution.js'
import type { Strategy } from './strategy.js'
import { createTpe, defaultTpe, type TpeOptions } from './tpe/tpe.js'

interface OptionsByName {
  readonly random: RandomOptions
  readonly 'regularized-evolution': RegularizedEvolutionOptions
  readonly 'local-search': LocalSearchOptions
  readonly tpe: TpeOptions
  readonly enumeration: EnumerationOptions
  readonly 'successive-halving': SuccessiveHalvingOptions
  readonly asha: AshaOptions
}

export type StrategyName = keyof OptionsByName

/** The settings of every strategy, told apart by `name`. */
export type StrategyOptions = OptionsByName[StrategyName] | OwnStrategyOptions

type Factories = {
  readonly [Name in StrategyName]: (options: OptionsByName[Name], space: SearchSpace, rng: Rng) => Strategy
}

const factories: Factories = {
  random: createRandomStrategy,
  'regularized-evolution': createRegularizedEvolution,
  'local-search': createLocalSearch,
  tpe: createTpe,
  enumeration: createEnumeration,
  'successive-halving': createSuccessiveHalving,
  asha: createAsha,
}

/** The names by which a configuration chooses a strategy. */
export const strategyNames = Object.keys(factories) as readonly StrategyName[]

/** Whether a strategy works only in searches over fidelities. */
export function promotes(choice: string): boolean {
  return choice === 'successive-halving' || choice === 'asha'
}

/**
 * The default settings of the strategy named `choice`, or of the module at this path.
 *
 * @throws ConfigError that lists the valid names.
 */
export function defaultStrategyOptions(choice: string, duplicates: DuplicateLevel): StrategyOptions {
  const name = strategyNames.find((known) => known === choice)
  if (name === 'regularized-evolution') return { name, duplicates, ...defaultEvolution }
  if (name === 'tpe') return { name, duplicates, ...defaultTpe }
  if (name === 'successive-halving') return { name, duplicates, eta: defaultEta, initial: defaultInitial }
  if (name === 'asha') return { name, duplicates, eta: defaultEta }
  if (name !== undefined) return { name, duplicates }
  if (isModulePath(choice)) return { name: 'module', module: choice, settings: {}, duplicates }
  const meant = closest(choice, strategyNames)
  throw new ConfigError(
    `There is no strategy "${choice}"${meant === null ? '' : `; did you mean ${meant}?`} ` +
      `(strategies: ${strategyNames.join(', ')}, or the path of a module).`,
  )
}

/**
 * The strategy that `options` ask for. `rng` belongs to the run: equal streams make equal strategies.
 *
 * @throws ConfigError if a module or a value makes no strategy.
 */
export function createStrategy(options: StrategyOptions, space: SearchSpace, rng: Rng): Strategy {
  if (options.name === 'module' || options.name === 'value') return createOwnStrategy(options, space, rng)
  const create = factories[options.name] as (options: StrategyOptions, space: SearchSpace, rng: Rng) => Strategy
  return create(options, space, rng)
}
