import { refuseNaN } from './sample.js'

/**
 * The rank of each value, from 1 for the smallest; equal values share the mean of their ranks. O(n log n).
 *
 * @throws RangeError if a value is NaN.
 */
export function averageRanks(values: readonly number[]): number[] {
  refuseNaN(values)
  const order = Array.from(values, (value, index) => ({ value, index })).sort((a, b) =>
    compareNumbers(a.value, b.value),
  )
  const ranks = new Array<number>(values.length).fill(0)
  for (const { start, end } of runs(order, (a, b) => a.value === b.value)) {
    // The ranks start + 1 .. end, counted from one, are shared.
    for (const { index } of order.slice(start, end)) ranks[index] = (start + 1 + end) / 2
  }
  return ranks
}

/** Orders numbers, infinities included (whose difference would be NaN). */
export function compareNumbers(a: number, b: number): number {
  return a < b ? -1 : Number(a > b)
}

/** The ranges `start <= i < end` of equal neighbours in a sorted list. */
export function* runs<T>(
  sorted: readonly T[],
  equal: (a: T, b: T) => boolean,
): Generator<{ start: number; end: number }> {
  let start = 0
  for (let end = 1; end <= sorted.length; end++) {
    if (end < sorted.length && equal(sorted[start] as T, sorted[end] as T)) continue
    yield { start, end }
    start = end
  }
}
