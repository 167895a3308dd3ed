import type { z } from 'zod'
import { closest } from '../platform/closest.js'
import { onlyByProgram } from '../platform/parts/part-shapes.js'
import { fractionMessage } from '../platform/settings/values.js'
import { shorten } from '../platform/shorten.js'

type Issue = z.core.$ZodIssue
export type ConfigPath = readonly PropertyKey[]

/** A problem of a configuration: its position, and a sentence that starts with the setting's name. */
export interface Complaint {
  readonly path: ConfigPath
  readonly sentence: string
  /** The part to point at in the file; default: the value. */
  readonly pointAt?: 'key' | 'value'
}

/**
 * Turns zod's issues into sentences that say what is expected, what came, and the fix if it can be guessed.
 *
 * @param whole what the values are as a whole: a file, or the configuration that a program passed
 */
export function complaints(
  issues: readonly Issue[],
  knownKeys: (path: ConfigPath) => readonly string[],
  whole = 'the file',
): Complaint[] {
  return issues.flatMap(withinGroup).flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return [{ path: issue.path, sentence: sentenceFor(issue, whole) }]
    const known = knownKeys(issue.path)
    return issue.keys.map((key) => {
      const path = [...issue.path, key]
      const near = closest(key, known)
      const advice = near === null ? `Known settings: ${known.join(', ')}.` : `Did you mean ${near}?`
      return { path, pointAt: 'key' as const, sentence: `${dotted(path)} is not a setting. ${advice}` }
    })
  })
}

/** Where a name or a group is expected and a group came: what is wrong within it. */
function withinGroup(issue: Issue): readonly Issue[] {
  if (issue.code !== 'invalid_union' || !isGroup(issue.input)) return [issue]
  const accepting = issue.errors.find(([first]) => first !== undefined && first.path.length > 0)
  return accepting?.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })) ?? [issue]
}

function isGroup(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** `evaluator.stage2.cut`. */
export function dotted(path: ConfigPath, whole = 'the file'): string {
  return path.length === 0 ? whole : path.map(String).join('.')
}

function sentenceFor(issue: Issue, whole: string): string {
  const name = dotted(issue.path, whole)
  if (issue.message === onlyByProgram) return `${name} ${onlyByProgram}.`
  if (issue.input === undefined && issue.code !== 'custom') return `${name} is required: ${expectation(issue)}.`
  return `${name} ${expectation(issue)}, got ${shown(inputOf(issue))}.${remedy(issue)}`
}

/** The wrong value. If a choice by name failed, zod reports the whole group, but only the name is wrong. */
function inputOf(issue: Issue): unknown {
  const { input } = issue
  const last = issue.path.at(-1)
  return issue.code === 'invalid_union' && last === 'name' && isGroup(input)
    ? (input as { name?: unknown }).name
    : input
}

function expectation(issue: Issue): string {
  if (issue.message.startsWith('must be ')) return issue.message
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${article(issue.expected)}`
    case 'too_small':
      return `must be ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`
    case 'too_big':
      return `must be ${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}`
    case 'invalid_value':
      return `must be ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map(String).join(', ')}`
    case 'invalid_union':
      return `must be ${unionExpectation(issue)}`
    default:
      return issue.message
  }
}

function unionExpectation(issue: Extract<Issue, { code: 'invalid_union' }>): string {
  const names = choices(issue)
  if (names.length > 0) return `one of ${names.join(', ')}`
  const branches = issue.errors.flatMap((branch) => branch.slice(0, 1)).map((inner) => expectation(inner))
  return [...new Set(branches.map((text) => text.replace(/^must be /, '')))].join(' or ')
}

/** Not `value`, which only a program can choose. */
function choices(issue: Issue): readonly string[] {
  if (issue.code === 'invalid_value') return issue.values.map(String)
  if (issue.code !== 'invalid_union') return []
  if (!('options' in issue) || !Array.isArray(issue.options))
    return issue.errors.flatMap(([first]) =>
      first?.code === 'invalid_value' && first.values.length > 1 ? choices(first) : [],
    )
  return issue.options.filter((option) => option !== undefined && option !== 'value').map(String)
}

function article(type: string): string {
  const names: Readonly<Record<string, string>> = {
    int: 'a whole number',
    number: 'a number',
    string: 'text',
    boolean: 'true or false',
    object: 'a group of settings',
  }
  return names[type] ?? `a ${type}`
}

function remedy(issue: Issue): string {
  const input = inputOf(issue)
  if (typeof input === 'string') {
    const near = closest(input, choices(issue))
    return near === null ? '' : ` Did you mean ${near}?`
  }
  const isFraction = issue.message === fractionMessage
  if (isFraction && typeof input === 'number' && input > 1 && input <= 100) return ` Did you mean ${input / 100}?`
  return ''
}

/** The wrong value as YAML, since JSON cannot express infinite numbers and NaN. */
export function shown(value: unknown): string {
  if (typeof value === 'number' && !Number.isFinite(value)) return notFinite(value)
  const text = JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'number' && !Number.isFinite(inner) ? notFinite(inner) : inner,
  )
  return shorten(text ?? String(value))
}

function notFinite(value: number): string {
  return Number.isNaN(value) ? '.nan' : value > 0 ? '.inf' : '-.inf'
}
