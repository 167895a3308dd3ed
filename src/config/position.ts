import { isMap, isNode, isSeq } from 'yaml'
import type { Wording } from '../platform/wording.js'
import type { Complaint, ConfigPath } from './issues.js'
import { type Override, overriding } from './overrides.js'
import type { YamlText } from './yaml-text.js'

/** `FILE:LINE:COLUMN` of a setting, or of the nearest group around it; the override itself if it came from one. */
export function position(
  file: string,
  text: YamlText,
  overrides: readonly Override[],
  { path: target, pointAt = 'value' }: Complaint,
): string | Wording {
  const override = overrides.findLast((candidate) => {
    if (candidate.path.every((key, i) => key === String(target[i]))) return true
    // A group that only an override made: `--set trainin.epochs=3`.
    return (
      target.length > 0 && !text.document.hasIn(target) && target.every((key, i) => String(key) === candidate.path[i])
    )
  })
  if (override !== undefined) return overriding(override.text)
  for (let length = target.length; length >= 0; length--) {
    const offset = offsetOf(text, target.slice(0, length), length === target.length ? pointAt : 'key')
    if (offset === null) continue
    const { line, col } = text.lines.linePos(offset)
    return `${file}:${line}:${col}`
  }
  return `${file}:1:1`
}

/** The start of the setting at `target`, its key or value; null if the document does not have it. */
function offsetOf({ document }: YamlText, target: ConfigPath, pointAt: 'key' | 'value'): number | null {
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
