import { existsSync } from 'node:fs'
import path from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { loadRecordedConfig } from '../config/load-config.js'
import { type Config, configSchema } from '../config/schema/config.js'
import type { ReplayedRun } from '../journal/replay.js'
import { ConfigError } from '../platform/errors.js'

/** The settings that may be edited in the `config.yaml` of a run directory; none affects results. */
const free = new Set(['isolation', 'trialTimeout', 'workers'])

/**
 * The configuration for resuming a run, taken from the journal. `config.yaml` may be missing, or older if the process
 * died before writing the extended one.
 *
 * @throws ConfigError if a setting in `config.yaml` that affects results was changed.
 */
export function recordedConfig(directory: string, { config, configs }: ReplayedRun): Config {
  const file = path.join(directory, 'config.yaml')
  const recorded = parse(config)
  if (!existsSync(file)) return recorded ?? loadRecordedConfig(file)
  const written = loadRecordedConfig(file)
  if (recorded === null) return written
  const different = differences(recorded, written)
  if (different.length === 0) return written
  if (configs.map(parse).some((older) => older !== null && differences(older, written).length === 0)) return recorded
  throw new ConfigError(
    `${file} was changed in ${different.join(', ')} since the run began. Change it back, or delete it: the journal ` +
      'has the configuration, too. For other settings start a run of its own.',
  )
}

/** Parsed by the current schema: newer settings get their defaults. Null if this version cannot read it. */
function parse(config: unknown): Config | null {
  return configSchema.safeParse(config).data ?? null
}

function differences(a: Config, b: Config): readonly string[] {
  const keys = Object.keys({ ...a, ...b }) as (keyof Config)[]
  return keys.filter((key) => !free.has(key) && !isDeepStrictEqual(plain(a[key]), plain(b[key])))
}

/** As JSON, which omits undefined values. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value))
}
