import { expect } from 'vitest'

/**
 * The 0.9999 quantiles of the chi-square distribution by degrees of freedom: a fair draw exceeds one once in 10,000
 * times; the seeds are fixed. Made by `python3 -c "from scipy.stats import chi2; print([chi2.ppf(0.9999, k) for k in
 * (4, 9, 23, 24)])"` (scipy 1.17.1).
 */
export const chiSquareLimits = {
  4: 23.512742444991076,
  9: 33.719948438964906,
  23: 57.07464313855563,
  24: 58.61296974830205,
} as const

/** Pearson's statistic of counts against equal expectations. */
export function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
}

/** How often each of 0..bins-1 comes in `draws` draws; any other number fails the test. */
export function tally(bins: number, draws: number, draw: () => number): number[] {
  const counts = new Array<number>(bins).fill(0)
  for (let i = 0; i < draws; i++) {
    const bin = draw()
    const count = counts[bin]
    if (count === undefined) expect.fail(`drew ${bin}, which is none of 0..${bins - 1}`)
    counts[bin] = count + 1
  }
  return counts
}
