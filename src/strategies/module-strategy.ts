import { ConfigError } from '../platform/errors.js'
import { firstLineOf } from '../platform/message-of.js'
import { loadFactory } from '../platform/parts/load-module.js'
import type { Rng } from '../platform/rng.js'
import type { DuplicateLevel, SearchSpace } from '../spaces/search-space.js'
import type { Strategy, StrategyFactory } from './strategy.js'

/** A strategy from outside the package. Plain data, so that a run that names one can be resumed. */
export interface ModuleStrategyOptions {
  readonly name: 'module'
  /** When two architectures count as the same and are not both proposed. */
  readonly duplicates: DuplicateLevel
  /** A file, seen from the working directory, or a package; its default export is a StrategyFactory. */
  readonly module: string
  /** Handed to the factory as they are. */
  readonly settings: Readonly<Record<string, unknown>>
}

/**
 * The strategy that a module of the user's makes. Runs the module's code in this process, as an import would.
 *
 * @throws ConfigError if the module cannot be loaded, exports no factory, or the factory throws or makes no strategy.
 */
export function createModuleStrategy(
  { duplicates, module, settings }: ModuleStrategyOptions,
  space: SearchSpace,
  rng: Rng,
): Strategy {
  const factory = loadFactory(module, 'a strategy', '(options, space, rng) => strategy') as StrategyFactory<
    Readonly<Record<string, unknown>>
  >
  let strategy: unknown
  try {
    strategy = factory({ ...settings, duplicates }, space, rng)
  } catch (error) {
    throw new ConfigError(`${module} made no strategy: ${firstLineOf(error)}`, { cause: error })
  }
  if (isStrategy(strategy)) return strategy
  throw new ConfigError(`${module} made no strategy: what its factory returns must have a name and a function ask.`)
}

function isStrategy(value: unknown): value is Strategy {
  if (typeof value !== 'object' || value === null) return false
  const { ask, name } = value as Partial<Strategy>
  return typeof ask === 'function' && typeof name === 'string'
}
