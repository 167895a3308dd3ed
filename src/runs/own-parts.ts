import { readConfig } from '../config/load-config.js'
import { partsOf } from '../config/parts.js'
import type { Config } from '../config/schema/config.js'
import { ConfigError } from '../platform/errors.js'
import { type PartKind, workerParts } from '../platform/parts/part-kind.js'
import { PartValue } from '../platform/parts/part-value.js'
import type { RunInput, RunParts } from './run-options.js'

interface PartOption {
  readonly kind: PartKind
  /** The setting that it takes the place of. */
  readonly setting: keyof Config
}

/** The options that pass a part. */
export const partOptions: Readonly<Record<keyof RunParts, PartOption>> = {
  strategy: { kind: 'strategy', setting: 'strategy' },
  evaluator: { kind: 'evaluator', setting: 'evaluator' },
  space: { kind: 'search space', setting: 'space' },
  dataset: { kind: 'data set', setting: 'data' },
  engine: { kind: 'engine', setting: 'engine' },
}

const partNames = Object.keys(partOptions) as readonly (keyof RunParts)[]

/**
 * A checked configuration from a plain object, with parts of the program's own in it.
 *
 * @throws ConfigError with a line for each thing wrong.
 */
export function configOf(input: RunInput, parts: RunParts = {}): Config {
  return readConfig(withParts(input, parts))
}

function withParts(input: unknown, parts: RunParts): unknown {
  const values = ownParts(parts)
  if (values.size === 0 || typeof input !== 'object' || input === null) return input
  const filled: Record<string, unknown> = { ...input }
  for (const [part, value] of values) {
    const { setting } = partOptions[part]
    const group = filled[setting]
    const named = typeof group === 'string' ? group : (group as { readonly name?: unknown } | undefined)?.name
    if (named !== undefined) {
      throw new ConfigError(
        `${setting} names ${String(named)}, and the option ${part} passes "${value.name}" in its place. Leave one out.`,
      )
    }
    filled[setting] = { ...(group as object | undefined), name: 'value', value }
  }
  return filled
}

/** The parts that were passed, each with its name. */
export function ownParts(parts: RunParts): ReadonlyMap<keyof RunParts, PartValue<unknown>> {
  return new Map(
    partNames.flatMap((part) => {
      const value: unknown = parts[part]
      if (value === undefined) return []
      return [[part, value instanceof PartValue ? value : new PartValue(nameOf(value) ?? part, value)] as const]
    }),
  )
}

function nameOf(part: unknown): string | undefined {
  const { name } = part as { readonly name?: unknown }
  return typeof name === 'string' && name !== '' ? name : undefined
}

/**
 * The configuration of a run whose trials run in this thread, if parts that workers need were passed as values: these cannot
 * be sent to threads or processes. Otherwise the configuration as it is.
 *
 * @throws ConfigError if it asks for more workers, or for threads or processes.
 */
export function inOneThread(config: Config): Config {
  const value = partsOf(config).find(({ kind, options }) => options.name === 'value' && workerParts.includes(kind))
  if (value === undefined) return config
  const { isolation, workers } = config
  const why = `the ${value.kind} was passed as a value, which cannot be sent to workers`
  if (typeof workers === 'number' && workers > 1) {
    throw new ConfigError(
      `workers must be 1, got ${workers}: ${why}. Name a module instead (docs/extending.md), or leave workers out.`,
    )
  }
  if (isolation === 'thread' || isolation === 'process') {
    throw new ConfigError(
      `isolation must be auto or none, got ${isolation}: ${why}. Name a module instead (docs/extending.md).`,
    )
  }
  return { ...config, isolation: 'none', workers: 1 }
}
