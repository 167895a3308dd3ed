import { shorten } from './shorten.js'

/*
 * Checks of values that come from outside. Written by hand because a journal may have a million lines: a check takes
 * about a microsecond, a tenth of a general schema library's time. Fields without a check are allowed.
 */

/**
 * The problem of a value: the path of a field within it and a sentence, such as ` must be text, got 5` for the value
 * itself and `.cost.steps must be ...` for a field in it. Null if it is valid.
 */
export type Check = (value: unknown) => string | null

/** Maximum of seconds, FLOPs and so on; above it sums and charts are meaningless. */
const mostSeconds = 1e12
const mostAmount = 1e30
/** Maximum index of trials and candidates. */
const mostIndex = 2 ** 32

/** Whether a value is a valid index. */
export function isIndex(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= mostIndex
}

/** Whether a value is a valid time or duration. */
export function isSeconds(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= mostSeconds
}

/** Whether a value is a valid cost: FLOPs, steps or epochs. */
export function isAmount(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= mostAmount
}

export const must =
  (is: (value: unknown) => boolean, expectation: string): Check =>
  (value) =>
    is(value) ? null : ` must be ${expectation}, got ${shownValue(value)}`

export const text = must((value) => typeof value === 'string', 'text')
export const bool = must((value) => typeof value === 'boolean', 'true or false')
export const index = must(isIndex, `a whole number in 0..${mostIndex}`)
export const seconds = must(isSeconds, `seconds in 0..${mostSeconds}`)
export const amount = must(isAmount, `a number in 0..${mostAmount}`)
export const accuracy = must((value) => typeof value === 'number' && value >= 0 && value <= 1, 'a number in 0..1')
export const number = must((value) => typeof value === 'number' && Number.isFinite(value), 'a finite number')
export const seedPart = must((value) => typeof value === 'string' || Number.isFinite(value), 'text or a number')
export const oneOf = (values: readonly string[]): Check =>
  must((value) => values.some((allowed) => allowed === value), `one of ${values.join(', ')}`)
export const anything: Check = () => null

export const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined ? null : check(value)

export const nullable =
  (check: Check): Check =>
  (value) =>
    value === null ? null : check(value)

export function fields(checks: Readonly<Record<string, Check>>): Check {
  const all = Object.entries(checks)
  return (value) => {
    if (!isRecord(value)) return ` must be an object, got ${shownValue(value)}`
    for (const [name, check] of all) {
      const problem = check(value[name])
      if (problem !== null) return `.${name}${problem}`
    }
    return null
  }
}

/** As `fields`, and without any other field, which would be a spelling mistake. */
export function exactFields(checks: Readonly<Record<string, Check>>): Check {
  const check = fields(checks)
  return (value) => {
    const problem = check(value)
    if (problem !== null || !isRecord(value)) return problem
    const unknown = Object.keys(value).find((name) => !Object.hasOwn(checks, name))
    return unknown === undefined ? null : `.${unknown} is unknown: there are ${Object.keys(checks).join(', ')}`
  }
}

export function listOf(check: Check): Check {
  return (value) => {
    if (!Array.isArray(value)) return ` must be a list, got ${shownValue(value)}`
    for (let i = 0; i < value.length; i++) {
      const problem = check(value[i])
      if (problem !== null) return `.${i}${problem}`
    }
    return null
  }
}

export function recordOf(check: Check): Check {
  return (value) => {
    if (!isRecord(value)) return ` must be an object, got ${shownValue(value)}`
    for (const name in value) {
      const problem = check(value[name])
      if (problem !== null) return `.${name}${problem}`
    }
    return null
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A value as short text for a message; never throws. */
export function shownValue(value: unknown): string {
  if (value === undefined) return 'nothing'
  // JSON writes infinite numbers as null.
  if (typeof value === 'number') return String(value)
  try {
    return shorten(JSON.stringify(value) ?? `a ${typeof value}`)
  } catch {
    return `a ${typeof value}`
  }
}
