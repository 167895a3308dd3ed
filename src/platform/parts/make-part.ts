import { ConfigError } from '../errors.js'
import { firstLineOf } from '../message-of.js'
import { loadFactory } from './load-module.js'
import { aPart, type PartKind } from './part-kind.js'

/** How the factories of the five kinds of part are called; a message about a module without one says so. */
const signatures: Readonly<Record<PartKind, string>> = {
  strategy: '(options, space, rng) => strategy',
  evaluator: '(settings) => evaluator',
  'search space': '(settings) => space',
  'data set': '(request, hooks) => images',
  engine: '(settings) => engine',
}

/** The default export of a module, as `loadFactory` gives it, where `kind` is wanted. */
export function partFactory(module: string, kind: PartKind): (...args: never[]) => unknown {
  return loadFactory(module, aPart(kind), signatures[kind])
}

/**
 * What the factory of a module returns, unchecked; a promise where the factory is asynchronous. Runs the module's code in
 * this thread.
 *
 * @throws ConfigError if the module cannot be loaded, has no function as its default export, or that function throws.
 */
export function makePart(module: string, kind: PartKind, ...args: readonly unknown[]): unknown {
  const factory = partFactory(module, kind) as (...given: readonly unknown[]) => unknown
  return attempt(`${module} made`, kind, () => factory(...args))
}

/**
 * What `make` returns. Its errors, and those of a promise that it returns, become a ConfigError.
 *
 * @param subject what is at fault, with its verb: `./mine.mjs made`
 */
export function attempt<T>(subject: string, kind: PartKind, make: () => T): T {
  const failed = (error: unknown): never => {
    throw new ConfigError(`${subject} no ${kind}: ${firstLineOf(error)}`, { cause: error })
  }
  let made: T
  try {
    made = make()
  } catch (error) {
    return failed(error)
  }
  return made instanceof Promise ? (made.catch(failed) as T) : made
}

/**
 * The error for something that cannot be used as a part.
 *
 * @param subject what is at fault, with its verb: `./mine.mjs made`, `The value "mine" is`
 */
export function unusablePart(subject: string, kind: PartKind, wrong: string): ConfigError {
  return new ConfigError(`${subject} no ${kind}: ${wrong}. See docs/extending.md.`)
}

/** The first of `functions` that an object lacks; undefined if it has all. */
export function missingFunction<Name extends string>(value: object, functions: readonly Name[]): Name | undefined {
  return functions.find((name) => typeof (value as Readonly<Record<string, unknown>>)[name] !== 'function')
}
