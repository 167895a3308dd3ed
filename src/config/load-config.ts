import type { z } from 'zod'
import { ConfigError } from '../platform/errors.js'
import { joined, worded } from '../platform/wording.js'
import { checkConfig } from './checks.js'
import { readConfigText } from './config-file.js'
import { dropForeign } from './drop-foreign.js'
import { type Complaint, complaints } from './issues.js'
import { checkModules } from './modules.js'
import { applyOverrides, parseOverride } from './overrides.js'
import { checkNoValues } from './parts.js'
import { position } from './position.js'
import { type FilledValues, fillPresets } from './preset.js'
import { type Config, configSchema } from './schema/config.js'
import { keysOf } from './schema-keys.js'
import { isYamlProblem, readYaml } from './yaml-text.js'

/** The schema and checks of another kind of file. */
export interface LoadOptions<Values> {
  /** Checks of the values as a whole. */
  readonly check?: (values: Values) => readonly Complaint[]
  /** Transforms the values before the schema is applied. */
  readonly fill?: (values: unknown) => FilledValues
  /** Called with a line about settings of the file that `--set` drops. */
  readonly onNote?: ((text: string) => void) | undefined
}

/**
 * Reads a YAML configuration, applies `--set` overrides and fills in every default. The modules that it names
 * are not loaded: none of their code runs.
 *
 * @throws ConfigError with one line per problem: `FILE:LINE:COLUMN  setting must be ..., got ... .`
 */
export function loadConfig(file: string, sets: readonly string[] = [], onNote?: (text: string) => void): Config {
  return loadYaml(configSchema, file, sets, { check: checkFile, fill: fillPresets, onNote })
}

/**
 * As `loadConfig`, for the configuration that a run wrote into its directory. Parts that a program passed as values are
 * names there.
 */
export function loadRecordedConfig(file: string): Config {
  return loadYaml(configSchema, file, [], { check: checkConfig, fill: fillPresets })
}

function checkFile(config: Config): readonly Complaint[] {
  const values = checkNoValues(config)
  return values.length > 0 ? values : checkConfig(config)
}

/**
 * As `loadConfig`, for a command that is about to run what the file says: the modules that it names
 * are loaded and tried, so that what is wrong with them shows before any work is done.
 */
export function loadRunnableConfig(
  file: string,
  sets: readonly string[] = [],
  onNote?: (text: string) => void,
): Config {
  const check = (config: Config): readonly Complaint[] => {
    const wrong = checkFile(config)
    return wrong.length > 0 ? wrong : checkModules(config)
  }
  return loadYaml(configSchema, file, sets, { check, fill: fillPresets, onNote })
}

/** As `loadConfig`, for another kind of file, or none (null), with all settings in `sets`. */
export function loadYaml<Schema extends z.ZodObject>(
  schema: Schema,
  file: string | null,
  sets: readonly string[] = [],
  {
    check = () => [],
    fill = (values) => ({ values, wrong: [] }),
    onNote = () => {},
  }: LoadOptions<z.output<Schema>> = {},
): z.output<Schema> {
  const text = readYaml(file === null ? '' : readConfigText(file))
  if (isYamlProblem(text)) throw new ConfigError(`${file}:${text.line}:${text.column}  ${text.sentence}`)
  const overrides = sets.map(parseOverride)
  const kept = dropForeign(schema, text.values ?? {}, overrides)
  const { values, wrong: wrongPresets } = fill(applyOverrides(kept.values, overrides))
  const where = (wrong: Complaint) => position(file ?? 'the command line', text, overrides, wrong)

  const { data, wrong } = parseValues(schema, values, check)
  const all = [...wrongPresets, ...wrong]
  if (all.length > 0) {
    throw new ConfigError(
      joined(
        all.map((complaint) => worded`${where(complaint)}  ${complaint.sentence}`),
        '\n',
      ),
    )
  }
  if (data === undefined) throw new ConfigError(`${file}  is not a configuration.`)
  for (const note of kept.notes) onNote(note)
  return data
}

/**
 * The error for problems of a configuration that are found later, for example with its images: each with its position
 * in the file, as from `loadConfig`.
 */
export function locatedError(file: string, sets: readonly string[], wrong: readonly Complaint[]): ConfigError {
  const text = readYaml(readConfigText(file))
  if (isYamlProblem(text)) return unlocatedError(wrong)
  const overrides = sets.map(parseOverride)
  return new ConfigError(
    joined(
      wrong.map((complaint) => worded`${position(file, text, overrides, complaint)}  ${complaint.sentence}`),
      '\n',
    ),
  )
}

/**
 * A configuration from a plain object, as `loadRunnableConfig` reads it from a file: the same defaults, presets and checks.
 * The modules that it names are loaded and tried.
 *
 * @throws ConfigError with one line for each thing wrong: `setting must be ..., got ... .`
 */
export function readConfig(values: unknown): Config {
  return readValues(configSchema, values, {
    check(config) {
      const wrong = checkConfig(config)
      return wrong.length > 0 ? wrong : checkModules(config)
    },
    fill: fillPresets,
  })
}

/** As `readConfig`, for values of another kind. */
export function readValues<Schema extends z.ZodObject>(
  schema: Schema,
  values: unknown,
  { check = () => [], fill = (plain) => ({ values: plain, wrong: [] }) }: LoadOptions<z.output<Schema>> = {},
): z.output<Schema> {
  const filled = fill(values)
  const { data, wrong } = parseValues(schema, filled.values, check, 'the configuration')
  const all = [...filled.wrong, ...wrong]
  if (all.length > 0 || data === undefined) throw unlocatedError(all)
  return data
}

/** The error for settings that stand in no file. */
export function unlocatedError(wrong: readonly Complaint[]): ConfigError {
  return new ConfigError(wrong.map(({ sentence }) => sentence).join('\n'))
}

/** Problems of values as a configuration, as for a file; empty if there are none. */
export function configProblems(values: unknown): readonly Complaint[] {
  return parseValues(configSchema, values, checkConfig).wrong
}

interface ParsedValues<Values> {
  /** Absent if they are not of the schema. */
  readonly data?: Values
  readonly wrong: readonly Complaint[]
}

function parseValues<Schema extends z.ZodObject>(
  schema: Schema,
  values: unknown,
  check: (values: z.output<Schema>) => readonly Complaint[],
  whole = 'the file',
): ParsedValues<z.output<Schema>> {
  const { data, error } = schema.safeParse(values, { reportInput: true })
  if (error === undefined) return { data, wrong: check(data) }
  return { wrong: complaints(error.issues, (target) => keysOf(schema, values, target), whole) }
}
