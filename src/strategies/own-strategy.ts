import { missingFunction, unusablePart } from '../platform/parts/make-part.js'
import { ownPart, settingsOf } from '../platform/parts/own-part.js'
import type { ModuleOptions, ValueOptions } from '../platform/parts/part-settings.js'
import type { Rng } from '../platform/rng.js'
import type { SearchSpace } from '../spaces/search-space.js'
import { checkedStrategy } from './checked-strategy.js'
import type { FactoryOptions, Strategy, StrategyFactory } from './strategy.js'

/** A strategy from outside the package: the module's default export, or the value, is a StrategyFactory. */
export type OwnStrategyOptions = FactoryOptions & (ModuleOptions | ValueOptions<StrategyFactory>)

/**
 * The strategy that a module makes, or the factory that a program passed; its proposals are checked. Runs the module's code in this process.
 *
 * @throws ConfigError if the module cannot be loaded, or the factory throws or makes no strategy; if the value is not here,
 * see `PartValue.open`.
 */
export function createOwnStrategy(options: OwnStrategyOptions, space: SearchSpace, rng: Rng): Strategy {
  const { duplicates } = options
  const { made, subject } = ownPart(options, 'strategy', { ...settingsOf(options), duplicates }, space, rng)
  if (isStrategy(made)) return checkedStrategy(made, space, duplicates)
  throw unusablePart(subject, 'strategy', 'what its factory returns must have a name and a function ask')
}

function isStrategy(value: unknown): value is Strategy {
  if (typeof value !== 'object' || value === null) return false
  return missingFunction(value, ['ask']) === undefined && typeof (value as Partial<Strategy>).name === 'string'
}
