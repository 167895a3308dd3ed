import { isBuiltin } from 'node:module'
import { ConfigError } from '../platform/errors.js'
import type { Rng } from '../platform/rng.js'
import type { DuplicateLevel, SearchSpace } from '../spaces/search-space.js'
import { requireHere } from './module-file.js'
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
  const factory = loadFactory(module)
  let strategy: unknown
  try {
    strategy = factory({ ...settings, duplicates }, space, rng)
  } catch (error) {
    throw new ConfigError(`${module} made no strategy: ${messageOf(error)}`, { cause: error })
  }
  if (isStrategy(strategy)) return strategy
  throw new ConfigError(`${module} made no strategy: what its factory returns must have a name and a function ask.`)
}

function loadFactory(module: string): StrategyFactory<Readonly<Record<string, unknown>>> {
  if (isBuiltin(module)) throw new ConfigError(`${module} is a part of Node, and no strategy.`)
  let loaded: unknown
  try {
    loaded = requireHere()(module)
  } catch (error) {
    throw new ConfigError(`${module} cannot be loaded as a strategy: ${messageOf(error)}`, { cause: error })
  }
  const factory = (loaded as { readonly default?: unknown } | null)?.default
  if (typeof factory === 'function') return factory as ReturnType<typeof loadFactory>
  throw new ConfigError(
    `${module} must have a function as its default export: (options, space, rng) => strategy. See docs/extending.md.`,
  )
}

function isStrategy(value: unknown): value is Strategy {
  if (typeof value !== 'object' || value === null) return false
  const { ask, name } = value as Partial<Strategy>
  return typeof ask === 'function' && typeof name === 'string'
}

/** The first line: Node lists who required what below it. */
function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''
}
