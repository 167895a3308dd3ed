import { PartValue } from '../platform/parts/part-value.js'
import { aFunction, isFunction, isObject, isText, type OptionCheck, type OptionChecks } from './check-arguments.js'
import type { RunOptions } from './run-options.js'

const executorFunctions = ['evaluate', 'test', 'openChannel', 'close'] as const

/** The first function that an executor lacks; null if it has all. */
export function missingInExecutor(executor: object): string | null {
  const members = executor as Readonly<Record<string, unknown>>
  return executorFunctions.find((name) => typeof members[name] !== 'function') ?? null
}

/** Whether it has as many workers as an executor can have. */
export function hasWorkers(executor: object): boolean {
  const { workers } = executor as { readonly workers?: unknown }
  return typeof workers === 'number' && Number.isSafeInteger(workers) && workers >= 1
}

/** A part of the program's own. What it is made of is checked where it is used. */
function part(expected: string, holds: (value: unknown) => boolean): OptionCheck {
  return {
    expected: `${expected}, or a PartValue of one (the configuration names those of this package)`,
    holds: (value) => value instanceof PartValue || holds(value),
  }
}

/** Of the functions that run searches, comparisons and rankings. */
export const runOptions: OptionChecks<RunOptions> = {
  directory: { expected: 'the path of a folder', holds: isText },
  onEvent: aFunction,
  onProgress: aFunction,
  onWarning: aFunction,
  signal: { expected: 'an AbortSignal', holds: (value) => value instanceof AbortSignal },
  executor: {
    expected: `an executor (workers, a whole number of at least 1, and functions ${executorFunctions.join(', ')}) or a function that makes one`,
    holds: (value) => isFunction(value) || (isObject(value) && missingInExecutor(value) === null && hasWorkers(value)),
  },
  strategy: part('a function that makes a strategy', isFunction),
  evaluator: part('an evaluator', isObject),
  space: part('a search space', isObject),
  dataset: part('images or a function that loads them', (value) => isObject(value) || isFunction(value)),
  engine: part('an engine', isObject),
}
