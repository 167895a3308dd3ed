import { z } from 'zod'
import type { LatencyRange } from '../networks/latency-range.js'

const microseconds: Readonly<Record<string, number>> = { us: 1, µs: 1, μs: 1, ms: 1e3, s: 1e6 }

/** The expected form, for messages. */
const rangeForm = 'must be a time for one image such as <2ms, <= 800us, >0.1ms, or two of them: >0.1ms <2ms'

/**
 * The times that a text allows: one or two comparisons, such as `<2ms`, `<= 800us` or `>0.1ms, <1s`; a bare `2ms` is an
 * upper limit. Since times are measured, `<` and `<=` mean the same. Null if the text is not a range, bounds the same side
 * twice, or has a limit of 0 or more than 1,000 s.
 */
export function parseLatencyRange(text: string): LatencyRange | null {
  if (text.length > 100) return null
  const parts = [...text.matchAll(/\s*(<=?|>=?|)\s*(\d+(?:\.\d+)?)\s*(us|µs|μs|ms|s)\s*,?/g)]
  const isRead = parts.map(([part]) => part).join('') === text && !text.trimEnd().endsWith(',')
  if (!isRead || parts.length === 0 || parts.length > 2) return null
  let range: LatencyRange = {}
  for (const [, comparison = '', digits, unit = ''] of parts) {
    // Multiplied before it is divided, so that 0.8ms is 0.0008.
    const seconds = (Number(digits) * (microseconds[unit] ?? Number.NaN)) / 1e6
    if (!(seconds > 0 && seconds <= 1000)) return null
    const side = comparison.startsWith('>') ? 'atLeastSeconds' : 'atMostSeconds'
    if (side in range) return null
    range = { ...range, [side]: seconds }
  }
  return range
}

const bound = z.number().positive().max(1000).optional()

/** A text is read by `parseLatencyRange`; a group comes from a resolved configuration. */
export const latencyRange = z
  .union([z.string(), z.strictObject({ atLeastSeconds: bound, atMostSeconds: bound })], { error: rangeForm })
  .transform((value, context): LatencyRange => {
    const range = typeof value === 'string' ? parseLatencyRange(value) : value
    const isOrdered = range !== null && (range.atLeastSeconds ?? 0) <= (range.atMostSeconds ?? Infinity)
    if (isOrdered) return range
    const message = range === null ? rangeForm : 'must have a lower limit below its upper limit'
    context.addIssue({ code: 'custom', message, input: value })
    return z.NEVER
  })
