import { missingFunction, unusablePart } from '../platform/parts/make-part.js'
import { ownPart, settingsOf } from '../platform/parts/own-part.js'
import type { ModuleOptions, ValueOptions } from '../platform/parts/part-settings.js'
import type { SearchSpace } from './search-space.js'

/** A search space from outside the package. Plain data, but for a value. */
export type OwnSpaceOptions = ModuleOptions | ValueOptions<SearchSpace>

const functions = [
  'at',
  'indexOf',
  'parse',
  'canonical',
  'distinct',
  'isConnected',
  'choices',
  'fromChoices',
  'neighbours',
  'sample',
  'network',
] as const satisfies readonly (keyof SearchSpace)[]

/**
 * The search space that a module makes or a program passed. Runs the module's code in this thread.
 *
 * @throws ConfigError if the module cannot be loaded or makes no search space, saying what is missing; if the value is not
 * here, see `PartValue.open`.
 */
export function createOwnSpace(options: OwnSpaceOptions): SearchSpace {
  const { made, subject } = ownPart(options, 'search space', settingsOf(options))
  const wrong = problemOf(made)
  if (wrong === null) return made as SearchSpace
  throw unusablePart(subject, 'search space', wrong)
}

function problemOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return 'it must be an object with the members of SearchSpace'
  const missing = missingFunction(value, functions)
  if (missing !== undefined) return `it has no function ${missing}`
  const { name, size, decisions } = value as Readonly<Record<'name' | 'size' | 'decisions', unknown>>
  if (typeof name !== 'string' || name === '') return 'its name must be text'
  if (!isCount(size)) return `its size must be a whole number from 1 to 2^53 - 1, got ${String(size)}`
  if (Array.isArray(decisions) && decisions.every(isCount)) return null
  return 'its decisions must be a list with the number of choices in each'
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 1
}
