import { partsOf } from '../config/parts.js'
import type { Config } from '../config/schema/config.js'
import { ConfigError } from '../platform/errors.js'
import { PartValue } from '../platform/parts/part-value.js'
import { ownParts, partOptions } from './own-parts.js'
import type { RunParts } from './run-options.js'

/**
 * The configuration of a recorded run, in which values are names, with the values again, by these names.
 *
 * @throws ConfigError if the run has no such value.
 */
export function withValuesAgain(config: Config, parts: RunParts): Config {
  const given = ownParts(parts)
  if (given.size === 0) return config
  const recorded = partsOf(config).filter(({ options }) => options.name === 'value')
  const problems = [...given].flatMap(([part, { name }]) => {
    const names = recorded
      .filter(({ kind }) => kind === partOptions[part].kind)
      .map(({ options }) => String(options.value))
    return names.includes(name) ? [] : [mismatch(part, name, names)]
  })
  if (problems.length > 0) throw new ConfigError(problems.join('\n'))
  const values = new Map([...given].map(([part, value]) => [`${partOptions[part].kind} ${value.name}`, value]))
  const valueAt = new Map(
    recorded.map(({ kind, options, path }) => [path.map(String).join('.'), values.get(`${kind} ${options.value}`)]),
  )
  return restored(config, '', valueAt) as Config
}

function mismatch(part: keyof RunParts, name: string, recorded: readonly string[]): string {
  const names = [...new Set(recorded)].map((one) => `"${one}"`).join(' and ')
  if (names === '') {
    return `The option ${part} passes "${name}", but the run was recorded without a ${partOptions[part].kind} of a program. Leave it out.`
  }
  return (
    `The option ${part} passes "${name}", but the run was recorded with ${names}. Pass that one; new PartValue(name, ` +
    `${part}) gives a part its name.`
  )
}

function restored(
  setting: unknown,
  path: string,
  valueAt: ReadonlyMap<string, PartValue<unknown> | undefined>,
): unknown {
  const within = (key: string | number): string => (path === '' ? String(key) : `${path}.${key}`)
  if (Array.isArray(setting)) return setting.map((one, i) => restored(one, within(i), valueAt))
  if (typeof setting !== 'object' || setting === null || setting instanceof PartValue) return setting
  const group = Object.fromEntries(
    Object.entries(setting).map(([key, value]) => [key, restored(value, within(key), valueAt)]),
  )
  const value = valueAt.get(path)
  return value === undefined ? group : { ...group, value }
}
