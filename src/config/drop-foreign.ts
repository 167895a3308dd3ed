import type { z } from 'zod'
import { datasetNames, ownSettings, settingsOf } from '../datasets/registry.js'
import { dotted } from './issues.js'
import { isRecord, type Override, own } from './overrides.js'
import { configSchema } from './schema/config.js'
import { builtInData } from './schema/data.js'
import { keysNamed } from './schema-keys.js'

export interface KeptValues {
  readonly values: unknown
  /** A message for each group that lost settings. */
  readonly notes: readonly string[]
}

/**
 * The values of a file without the settings that `--set GROUP.name=...` makes meaningless: those of the file's kind
 * that the new kind does not have. Settings given by `--set` are never dropped.
 */
export function dropForeign(schema: z.ZodObject, written: unknown, overrides: readonly Override[]): KeptValues {
  const values = structuredClone(written)
  const notes: string[] = []
  for (const [i, { path, text, value: name }] of overrides.entries()) {
    const base = path.slice(0, -1)
    const isReplaced = ({ path: other }: Override): boolean =>
      other.length <= base.length && other.every((key, k) => key === base[k])
    const isLater = (other: Override, k: number): boolean => k > i && other.path.join('.') === path.join('.')
    if (path.at(-1) !== 'name' || overrides.some((other, k) => isReplaced(other) || isLater(other, k))) continue
    const group = base.reduce((inner: unknown, key) => own(inner, key), values)
    if (!isRecord(group) || group.name === name) continue
    const before = settingsNamed(schema, values, base, own(group, 'name'))
    const after = settingsNamed(schema, values, base, name)
    if (before === null || after === null) continue
    const dropped = Object.keys(group).filter((key) => before.includes(key) && !after.includes(key))
    for (const key of dropped) delete group[key]
    if (dropped.length === 0) continue
    const list = dropped.map((key) => dotted([...base, key])).join(', ')
    notes.push(`${text}  leaves out ${list} of the file, which ${String(name)} does not have`)
  }
  return { values, notes }
}

/** The settings of a group with this name; null if the name is unknown or does not determine them. */
function settingsNamed(
  schema: z.ZodObject,
  values: unknown,
  base: readonly string[],
  name: unknown,
): readonly string[] | null {
  if (schema !== configSchema || base.join('.') !== 'data') return keysNamed(schema, values, base, name)
  const known = datasetNames.find((candidate) => candidate === name)
  if (known === undefined) return keysNamed(schema, values, base, name)
  const mine = settingsOf(known)
  return Object.keys(builtInData.shape).filter(
    (key) => mine.some((one) => one === key) || !ownSettings.some((one) => one === key),
  )
}
