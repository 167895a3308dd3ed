import { mean, refuseNaN } from './sample.js'

/** The mean of many values, and the two values between which the middle of them lies. */
export interface Interval {
  readonly mean: number
  readonly low: number
  readonly high: number
}

/**
 * The value below which the fraction `p` of the values lies, interpolated linearly between order statistics (type 7 of
 * Hyndman and Fan, "Sample Quantiles in Statistical Packages", 1996; numpy's default).
 *
 * @throws RangeError if a value is NaN, if there are none or if `p` is outside 0..1.
 */
export function quantile(values: readonly number[], p: number): number {
  refuseNaN(values)
  return sortedQuantile(
    values.toSorted((a, b) => a - b),
    p,
  )
}

/**
 * The percentile interval of resampled values: with `level` 0.95, from their 2.5 % to their 97.5 % quantile (Efron and
 * Tibshirani, "An Introduction to the Bootstrap", 1993, section 13.3). Null of no values.
 *
 * @throws RangeError if a value is NaN.
 */
export function percentileInterval(values: readonly number[], level = 0.95): Interval | null {
  const average = mean(values)
  if (average === null) return null
  const sorted = values.toSorted((a, b) => a - b)
  return {
    mean: average,
    low: sortedQuantile(sorted, (1 - level) / 2),
    high: sortedQuantile(sorted, (1 + level) / 2),
  }
}

function sortedQuantile(sorted: readonly number[], p: number): number {
  if (sorted.length === 0) throw new RangeError('no values have no quantile')
  if (!(p >= 0 && p <= 1)) throw new RangeError(`a quantile is at a fraction in 0..1, got ${p}`)
  const place = p * (sorted.length - 1)
  const below = sorted[Math.floor(place)] as number
  const above = sorted[Math.ceil(place)] as number
  // Equal neighbours, infinite ones among them, need no interpolation.
  return below === above ? below : below + (above - below) * (place - Math.floor(place))
}
