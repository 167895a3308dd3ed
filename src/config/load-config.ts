import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { type Document, isMap, isNode, isSeq, LineCounter, parse, parseDocument } from 'yaml'
import { z } from 'zod'
import { ConfigError } from '../platform/errors.js'
import { checkConfig } from './checks.js'
import { type Complaint, type ConfigPath, complaints } from './issues.js'
import { type FilledValues, fillPresets } from './preset.js'
import { type Config, configSchema } from './schema/config.js'

/** One `--set path=value` of the command line. */
interface Override {
  readonly path: readonly string[]
  readonly value: unknown
  readonly text: string
}

/**
 * Reads a YAML configuration, applies `--set` overrides and fills in every default.
 *
 * @throws ConfigError with one line for each thing wrong: `FILE:LINE:COLUMN  setting must be ..., got ... .`
 */
export function loadConfig(file: string, sets: readonly string[] = []): Config {
  return loadYaml(configSchema, checkConfig, file, sets, fillPresets)
}

/**
 * As `loadConfig`, for a file of another kind, or none (null): then `sets` say everything.
 *
 * @param fill what is done with the values before the schema sees them.
 */
export function loadYaml<Schema extends z.ZodObject>(
  schema: Schema,
  check: (values: z.output<Schema>) => readonly Complaint[],
  file: string | null,
  sets: readonly string[] = [],
  fill: (values: unknown) => FilledValues = (values) => ({ values, wrong: [] }),
): z.output<Schema> {
  const lines = new LineCounter()
  const document = parseDocument(file === null ? '' : readText(file), {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
    // `<<: *anchor`, so that evaluators which differ in one setting need not repeat the others.
    merge: true,
  })
  const syntax = document.errors[0]
  if (syntax !== undefined) {
    const { line, col } = lines.linePos(syntax.pos[0])
    throw new ConfigError(`${file}:${line}:${col}  is not valid YAML: ${syntax.message}`)
  }
  const overrides = sets.map(parseOverride)
  const { values, wrong: wrongPresets } = fill(applyOverrides(document.toJS() ?? {}, overrides))
  const where = (wrong: Complaint) => position(file ?? 'the command line', document, lines, overrides, wrong)

  const result = schema.safeParse(values, { reportInput: true })
  const wrong = [
    ...wrongPresets,
    ...(result.success
      ? check(result.data)
      : complaints(result.error.issues, (target) => keysOf(schema, values, target))),
  ]
  if (wrong.length > 0) {
    throw new ConfigError(wrong.map((complaint) => `${where(complaint)}  ${complaint.sentence}`).join('\n'))
  }
  if (!result.success) throw new ConfigError(`${file}  ${result.error.message}`)
  return result.data
}

/**
 * The error for what shows to be wrong with a configuration only later, such as against its images: each with its place in
 * the file, as `loadConfig` gives it.
 */
export function placedError(file: string, sets: readonly string[], wrong: readonly Complaint[]): ConfigError {
  const lines = new LineCounter()
  const document = parseDocument(readText(file), { lineCounter: lines, prettyErrors: false, merge: true })
  const overrides = sets.map(parseOverride)
  return new ConfigError(
    wrong
      .map((complaint) => `${position(file, document, lines, overrides, complaint)}  ${complaint.sentence}`)
      .join('\n'),
  )
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'EISDIR') throw new ConfigError(`${file} is a folder. Name a YAML file in it.`)
    if (code !== 'ENOENT') throw new ConfigError(`${file} cannot be read (${code}). Check its permissions.`)
    throw new ConfigError(`${file} does not exist. ${otherConfigs(file)}`)
  }
}

function otherConfigs(file: string): string {
  const folder = [path.dirname(file), 'search-configs'].find((name) => existsSync(name))
  const found = folder === undefined ? [] : readdirSync(folder).filter((name) => /\.ya?ml$/.test(name))
  return found.length === 0
    ? 'Check the path.'
    : `There are: ${found.map((name) => path.join(folder ?? '', name)).join(', ')}.`
}

function parseOverride(text: string): Override {
  const match = /^([\w.-]+)=(.*)$/s.exec(text)
  if (match?.[1] === undefined) {
    throw new ConfigError(`--set ${text}  must have the form path=value, such as --set training.epochs=20`)
  }
  try {
    return { path: match[1].split('.'), value: parse(match[2] ?? ''), text }
  } catch {
    throw new ConfigError(`--set ${text}  has a value that is not valid YAML. Quote it.`)
  }
}

function applyOverrides(values: unknown, overrides: readonly Override[]): unknown {
  if (!isRecord(values)) return values
  const root = structuredClone(values)
  for (const override of overrides) {
    let group: Record<string, unknown> = root
    for (const key of override.path.slice(0, -1)) {
      const inner = group[key]
      const next = isGroup(inner) ? inner : {}
      group[key] = next
      group = next
    }
    group[override.path.at(-1) ?? ''] = override.value
  }
  return root
}

/** `FILE:LINE:COLUMN` of a setting, or of the nearest group around it; the override itself if it came from one. */
function position(
  file: string,
  document: Document,
  lines: LineCounter,
  overrides: readonly Override[],
  { path: target, pointAt = 'value' }: Complaint,
): string {
  const override = overrides.findLast((candidate) => {
    if (candidate.path.every((key, i) => key === String(target[i]))) return true
    // A group that only an override made: `--set trainin.epochs=3`.
    return target.length > 0 && !document.hasIn(target) && target.every((key, i) => String(key) === candidate.path[i])
  })
  if (override !== undefined) return `--set ${override.text}`
  for (let length = target.length; length >= 0; length--) {
    const offset = offsetOf(document, target.slice(0, length), length === target.length ? pointAt : 'key')
    if (offset === null) continue
    const { line, col } = lines.linePos(offset)
    return `${file}:${line}:${col}`
  }
  return `${file}:1:1`
}

/** Where the setting at `target` starts, its key or its value; null if the document does not hold it. */
function offsetOf(document: Document, target: ConfigPath, pointAt: 'key' | 'value'): number | null {
  const last = target.at(-1)
  const parent = target.length <= 1 ? document.contents : document.getIn(target.slice(0, -1), true)
  if (last === undefined) return isNode(document.contents) ? (document.contents.range?.[0] ?? null) : null
  if (isSeq(parent)) {
    const item = parent.items[Number(last)]
    return isNode(item) ? (item.range?.[0] ?? null) : null
  }
  if (!isMap(parent)) return null
  const pair = parent.items.find((item) => String(isNode(item.key) ? item.key.toJSON() : item.key) === String(last))
  if (pair === undefined) return null
  const value = isNode(pair.value) ? pair.value.range?.[0] : undefined
  const key = isNode(pair.key) ? pair.key.range?.[0] : undefined
  return (pointAt === 'value' ? (value ?? key) : key) ?? null
}

/** The settings known in the group at `target`, given what the values choose (an evaluator's name, for instance). */
function keysOf(root: z.ZodObject, values: unknown, target: ConfigPath): readonly string[] {
  let schema: unknown = root
  let value = values
  for (const key of [...target, null]) {
    schema = unwrap(schema, value)
    if (schema instanceof z.ZodArray) {
      schema = schema.element
    } else {
      if (!(schema instanceof z.ZodObject)) return []
      if (key === null) return Object.keys(schema.shape)
      schema = schema.shape[String(key)]
    }
    value = isGroup(value) ? value[String(key)] : undefined
  }
  return []
}

const wrappers = [z.ZodDefault, z.ZodPrefault, z.ZodOptional, z.ZodNullable] as const

/** Takes defaults and the like off a schema, and picks the branch of a union by its `name`. */
function unwrap(schema: unknown, value: unknown): unknown {
  let inner = schema
  while (wrappers.some((wrapper) => inner instanceof wrapper)) inner = (inner as z.ZodOptional).unwrap()
  if (!(inner instanceof z.ZodDiscriminatedUnion)) return inner
  const name = isRecord(value) ? value.name : undefined
  return inner.options.find((option) => {
    if (!(option instanceof z.ZodObject)) return false
    const named: unknown = option.shape.name
    const literal = unwrap(named, undefined)
    if (!(literal instanceof z.ZodLiteral)) return false
    return name === undefined ? named instanceof z.ZodDefault : literal.value === name
  })
}

/** Something with settings in it: a list's are its items, by their number. */
function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
