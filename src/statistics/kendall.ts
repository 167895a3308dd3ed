import { checkPaired, isConstant } from './paired.js'
import { compareNumbers, runs } from './ranks.js'

/**
 * Kendall's tau-b, -1..1: concordant minus discordant pairs, divided by the geometric mean of the numbers of pairs
 * untied in `x` and in `y`. Null if undefined: fewer than two pairs, or all values of `x` or of `y` equal.
 *
 * O(n log n), after W. R. Knight, "A Computer Method for Calculating Kendall's Tau with Ungrouped Data", 1966: with the
 * pairs in order of `x`, the discordant ones are the exchanges needed to sort `y`.
 *
 * @throws RangeError if the lengths differ or a value is NaN.
 */
export function kendall(x: readonly number[], y: readonly number[]): number | null {
  checkPaired(x, y)
  if (isConstant(x) || isConstant(y)) return null
  const points = x.map((value, i) => ({ x: value, y: y[i] as number }))
  points.sort((a, b) => compareNumbers(a.x, b.x) || compareNumbers(a.y, b.y))
  const sorted = Float64Array.from(points, (point) => point.y)
  const discordant = sortCountingExchanges(sorted)

  const pairs = pairsOf(points.length)
  const tiedX = tiedPairs(points, (a, b) => a.x === b.x)
  const tiedBoth = tiedPairs(points, (a, b) => a.x === b.x && a.y === b.y)
  const tiedY = tiedPairs([...sorted], (a, b) => a === b)
  const concordant = pairs - tiedX - tiedY + tiedBoth - discordant
  // Two roots instead of the root of the product, which would exceed 2^53 from about 14,000 points on.
  const tau = (concordant - discordant) / Math.sqrt(pairs - tiedX) / Math.sqrt(pairs - tiedY)
  return Math.max(-1, Math.min(1, tau))
}

function pairsOf(count: number): number {
  return (count * (count - 1)) / 2
}

function tiedPairs<T>(sorted: readonly T[], equal: (a: T, b: T) => boolean): number {
  let sum = 0
  for (const { start, end } of runs(sorted, equal)) sum += pairsOf(end - start)
  return sum
}

/** Merge sort in place; counts the pairs that were in descending order. */
function sortCountingExchanges(values: Float64Array): number {
  if (values.length < 2) return 0
  const left = values.slice(0, values.length >> 1)
  const right = values.slice(values.length >> 1)
  let exchanges = sortCountingExchanges(left) + sortCountingExchanges(right)
  let l = 0
  let r = 0
  for (let i = 0; i < values.length; i++) {
    const takeRight = l === left.length || (r < right.length && (right[r] as number) < (left[l] as number))
    // A value from the right passes all remaining ones on the left.
    if (takeRight) exchanges += left.length - l
    values[i] = (takeRight ? right[r++] : left[l++]) as number
  }
  return exchanges
}
