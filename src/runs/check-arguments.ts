import { shown } from '../config/issues.js'
import { closest } from '../platform/closest.js'
import { ConfigError } from '../platform/errors.js'

/** What an option must be, in words after "must be", and whether a value is that. */
export interface OptionCheck {
  readonly expected: string
  readonly holds: (value: unknown) => boolean
}

/** A check for every option of a function. */
export type OptionChecks<Options> = Readonly<Record<keyof Options, OptionCheck>>

export const isFunction = (value: unknown): boolean => typeof value === 'function'
export const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
const isPlainObject = (value: unknown): boolean => isObject(value) && !Array.isArray(value)
export const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

export const aFunction: OptionCheck = { expected: 'a function', holds: isFunction }
export const aBoolean: OptionCheck = { expected: 'true or false', holds: (value) => typeof value === 'boolean' }

/**
 * Checks the options that a program passes to a function of the library. Absent and `undefined` are the same.
 *
 * @throws ConfigError with a line for each thing wrong.
 */
export function checkOptions<Options extends object>(options: Options, checks: OptionChecks<Options>): void {
  if (!isPlainObject(options)) throw new ConfigError(`The options must be an object, got ${named(options)}.`)
  const known = new Map<string, OptionCheck>(Object.entries(checks))
  const problems = Object.entries(options).flatMap(([name, value]) => {
    const check = known.get(name)
    if (check === undefined) {
      const near = closest(name, [...known.keys()])
      const advice = near === null ? `Options: ${[...known.keys()].join(', ')}.` : `Did you mean ${near}?`
      return [`${name} is not an option. ${advice}`]
    }
    const { expected, holds } = check
    return value === undefined || holds(value) ? [] : [`The option ${name} must be ${expected}, got ${named(value)}.`]
  })
  if (problems.length > 0) throw new ConfigError(problems.join('\n'))
}

/** @throws ConfigError if it is not an object. */
export function checkConfiguration(configuration: unknown): void {
  if (isPlainObject(configuration)) return
  const advice = typeof configuration === 'string' ? ' A file is read by loadConfig(file).' : ''
  throw new ConfigError(`The configuration must be an object of settings, got ${named(configuration)}.${advice}`)
}

/** @throws ConfigError if it is not text. */
export function checkText(value: unknown, what: string): void {
  if (!isText(value)) throw new ConfigError(`${what} must be text, got ${named(value)}.`)
}

/** A wrong value in a message. It may be anything, also what JSON cannot express. */
export function named(value: unknown): string {
  if (typeof value === 'function') return 'a function'
  if (typeof value === 'bigint' || typeof value === 'symbol') return String(value)
  if (!isObject(value) || isSmall(value)) return shown(value)
  return Array.isArray(value) ? `a list of ${value.length}` : `an object (${value.constructor?.name ?? 'no class'})`
}

function isSmall(value: object): boolean {
  return Object.keys(value).length === 0 && [Object.prototype, Array.prototype].includes(Object.getPrototypeOf(value))
}
