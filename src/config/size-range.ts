import { z } from 'zod'
import type { SizeRange } from '../networks/size.js'

const multiples: Readonly<Record<string, number>> = { '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12 }

/** The expected form, for messages. */
const limitForm = 'must be a limit such as <500k, <= 2.5M, >10k, or two of them: >10k <500k'

/**
 * The whole numbers that a text allows: one or two comparisons, such as `<500k`, `<= 2.5M` or `>10k, <=1G`; a bare
 * `500k` is an upper limit. Null if the text is not a range, bounds the same side twice, or has a number beyond 2^53.
 */
export function parseSizeRange(text: string): SizeRange | null {
  // The pattern below is slow for a text of only spaces.
  if (text.length > 100) return null
  const parts = [...text.matchAll(/\s*(<=?|>=?|)\s*(\d+(?:\.\d+)?)\s*([kMGT]?)\s*,?/g)]
  const isRead = parts.map(([part]) => part).join('') === text && !text.trimEnd().endsWith(',')
  if (!isRead || parts.length === 0 || parts.length > 2) return null
  let range: SizeRange = {}
  for (const [, comparison, digits, unit = ''] of parts) {
    // Rounded if a decimal fraction times a power of ten is a whole number, except for binary rounding.
    const product = Number(digits) * (multiples[unit] ?? 1)
    const limit = Math.abs(product - Math.round(product)) < 1e-6 ? Math.round(product) : product
    const bound: SizeRange =
      comparison === '<'
        ? { atMost: Math.ceil(limit) - 1 }
        : comparison === '<=' || comparison === ''
          ? { atMost: Math.floor(limit) }
          : comparison === '>'
            ? { atLeast: Math.floor(limit) + 1 }
            : { atLeast: Math.ceil(limit) }
    if (Object.keys(bound).some((side) => side in range)) return null
    if (!Object.values(bound).every(Number.isSafeInteger)) return null
    range = { ...range, ...bound }
  }
  return range
}

const bound = z.int().min(0).optional()

/** A number is an upper limit; a text is read by `parseSizeRange`; a group comes from a resolved configuration. */
export const sizeRange = z
  .union([z.int().min(1), z.string(), z.strictObject({ atLeast: bound, atMost: bound })], { error: limitForm })
  .transform((value, context): SizeRange => {
    const range =
      typeof value === 'number' ? { atMost: value } : typeof value === 'string' ? parseSizeRange(value) : value
    const message =
      range === null
        ? limitForm
        : (range.atLeast ?? 0) > (range.atMost ?? Infinity)
          ? 'must leave something between its limits'
          : null
    if (range !== null && message === null) return range
    context.addIssue({ code: 'custom', message: message ?? limitForm, input: value })
    return z.NEVER
  })
