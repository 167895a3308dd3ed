import { checkPaired } from './paired.js'
import { compareNumbers } from './ranks.js'

/** The number of items in the top `percent` per cent of `count`, rounded down: `floor(count * percent / 100)`. */
export function topCount(count: number, percent: number): number {
  return Math.floor((count * percent) / 100)
}

/** The indices of all values, the largest first; for equal values the lower index first. */
export function descendingOrder(values: readonly number[]): number[] {
  return Array.from(values.keys()).sort((a, b) => compareNumbers(values[b] as number, values[a] as number) || a - b)
}

/**
 * The common ratio of FEAR's authors (archai/scripts/reports/fear_analysis): of the `count` best by `truth`, the share
 * that is also among the `count` best by `scores`, 0..1. For equal values the lower index counts as better. Null for a
 * `count` of 0.
 *
 * @throws RangeError if the lengths differ, a value is NaN or there are fewer than `count`.
 */
export function commonRatio(truth: readonly number[], scores: readonly number[], count: number): number | null {
  checkPaired(truth, scores)
  if (count > truth.length) throw new RangeError(`the best ${count} of ${truth.length} do not exist`)
  return shareInCommon(descendingOrder(truth), descendingOrder(scores), count)
}

/** The share of the first `count` of one order that is among the first `count` of the other; null for none. */
export function shareInCommon(first: readonly number[], second: readonly number[], count: number): number | null {
  if (count === 0) return null
  const best = new Set(first.slice(0, count))
  let common = 0
  for (const position of second.slice(0, count)) if (best.has(position)) common++
  return common / count
}
