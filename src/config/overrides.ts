import { ConfigError } from '../platform/errors.js'
import { shorten } from '../platform/shorten.js'
import { either, type Wording, worded } from '../platform/wording.js'
import { isYamlProblem, readYaml } from './yaml-text.js'

/** One `path=value`, an override of `loadConfig` or `--set` of the command line. */
export interface Override {
  readonly path: readonly string[]
  readonly value: unknown
  /** Its text in messages. */
  readonly text: string
}

/** Its name in messages. */
export function overriding(text: string): Wording {
  return either(`override ${text}`, `--set ${text}`)
}

/** @throws ConfigError if it is not `path=value`, or the value is not YAML. */
export function parseOverride(written: string): Override {
  const text = shorten(written, 200)
  const [, name, value] = /^([\w.-]+)=(.*)$/s.exec(written) ?? []
  const path = name?.split('.') ?? ['']
  if (value === undefined || path.includes('')) {
    throw new ConfigError(
      worded`${overriding(text)}  must have the form path=value, such as ${overriding('training.epochs=20')}`,
    )
  }
  // As an object's key it would set the prototype of all objects.
  if (path.includes('__proto__')) throw new ConfigError(worded`${overriding(text)}  __proto__ is not a setting.`)
  const read = readYaml(value)
  if (!isYamlProblem(read)) return { path, value: read.values, text }
  const isSyntax = read.sentence.startsWith('is not valid YAML')
  throw new ConfigError(
    worded`${overriding(text)}  ${isSyntax ? 'has a value that is not valid YAML. Quote it.' : read.sentence}`,
  )
}

/**
 * Values with overrides applied in order. Missing groups are created.
 *
 * @throws ConfigError if an override names an item that a list cannot have.
 */
export function applyOverrides(values: unknown, overrides: readonly Override[]): unknown {
  if (!isRecord(values)) return values
  const root = structuredClone(values)
  for (const override of overrides) {
    let group: Group = root
    for (const key of override.path.slice(0, -1)) {
      checkItem(group, key, override)
      const inner = own(group, key)
      const next: Group = isGroup(inner) ? inner : {}
      group[key] = next
      group = next
    }
    const last = override.path.at(-1) ?? ''
    checkItem(group, last, override)
    group[last] = override.value
  }
  return root
}

/** A group with settings; the settings of a list are its items, by index. */
type Group = Record<string, unknown>

/** A list has its items, and takes one more at its end. */
function checkItem(group: Group, key: string, { path, text }: Override): void {
  if (!Array.isArray(group) || (/^(0|[1-9]\d*)$/.test(key) && Number(key) <= group.length)) return
  const list = path.slice(0, path.indexOf(key)).join('.')
  const first = group.length === 0 ? 'It is empty' : `Its items are 0 to ${group.length - 1}`
  throw new ConfigError(
    worded`${overriding(text)}  ${list} is a list, and ${key} is not an item of it. ${first}; ${group.length} adds one.`,
  )
}

/** A group's own property: inherited ones such as `constructor` are not settings. */
export function own(group: unknown, key: PropertyKey): unknown {
  return isGroup(group) && Object.hasOwn(group, key) ? group[String(key)] : undefined
}

function isGroup(value: unknown): value is Group {
  return typeof value === 'object' && value !== null
}

export function isRecord(value: unknown): value is Group {
  return isGroup(value) && !Array.isArray(value)
}
