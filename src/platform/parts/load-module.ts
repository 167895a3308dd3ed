import { isBuiltin } from 'node:module'
import { ConfigError } from '../errors.js'
import { firstLineOf } from '../message-of.js'
import { requireHere } from './module-file.js'

/**
 * The default export of a user's module, which must be a function. Runs the module's code in this process, as an import
 * does; the module may not use top-level `await`.
 *
 * @param kind what the module makes, for messages: `a strategy`
 * @param signature of the expected function, for messages: `(options, space, rng) => strategy`
 * @throws ConfigError if the module cannot be loaded or has no function as its default export.
 */
export function loadFactory(module: string, kind: string, signature: string): (...args: never[]) => unknown {
  if (isBuiltin(module)) throw new ConfigError(`${module} is a part of Node, and not ${kind}.`)
  let loaded: unknown
  try {
    loaded = requireHere()(module)
  } catch (error) {
    throw new ConfigError(`${module} cannot be loaded as ${kind}: ${firstLineOf(error)}`, { cause: error })
  }
  const factory = (loaded as { readonly default?: unknown } | null)?.default
  if (typeof factory === 'function') return factory as (...args: never[]) => unknown
  throw new ConfigError(`${module} must have a function as its default export: ${signature}. See docs/extending.md.`)
}
