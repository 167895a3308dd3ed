import { mean, refuseNaN } from './sample.js'

/** A mean with the bounds of its interval. */
export interface Interval {
  readonly mean: number
  /** Both null if there are too few values or units for an interval. */
  readonly low: number | null
  readonly high: number | null
}

/**
 * Minimum number of independent units for a bootstrap interval. Four units have only 35 different resamples, C(2n-1,
 * n), so that a tail of 2.5 % is less than one of them and the bounds are the most extreme resamples; five have 126.
 */
export const leastUnits = 5

/**
 * The minimum for a rank correlation: a resample of n pairs has about 0.63 n different ones. Of five pairs that is
 * three, whose correlation is often exactly 1 or -1; of ten it is six.
 */
export const leastPairs = 10

export interface PercentileOptions {
  /** The share of the values within the bounds, in (0, 1); default 0.95. */
  readonly level?: number | undefined
  /** Number of independent units that the values were resampled from; default: enough. */
  readonly units?: number | undefined
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
 * Tibshirani, "An Introduction to the Bootstrap", 1993, section 13.3). Null for no values. Without bounds if a tail has
 * less than one value (fewer than 40 values at 0.95), or for fewer than `leastUnits` units.
 *
 * @throws RangeError if a value is NaN.
 */
export function percentileInterval(
  values: readonly number[],
  { level = 0.95, units = Infinity }: PercentileOptions = {},
): Interval | null {
  const average = mean(values)
  if (average === null) return null
  if (units < leastUnits || values.length < leastValues(level)) return { mean: average, low: null, high: null }
  const sorted = values.toSorted((a, b) => a - b)
  return {
    mean: average,
    low: sortedQuantile(sorted, (1 - level) / 2),
    high: sortedQuantile(sorted, (1 + level) / 2),
  }
}

/**
 * The number of values for one in each tail. Rounded, since 2 / (1 - 0.95) is slightly less than 40 in floating point.
 */
export function leastValues(level: number): number {
  return Math.round(2 / (1 - level))
}

function sortedQuantile(sorted: readonly number[], p: number): number {
  if (sorted.length === 0) throw new RangeError('no values have no quantile')
  if (!(p >= 0 && p <= 1)) throw new RangeError(`a quantile is at a fraction in 0..1, got ${p}`)
  const position = p * (sorted.length - 1)
  const below = sorted[Math.floor(position)] as number
  const above = sorted[Math.ceil(position)] as number
  // Equal neighbours, including infinite ones, need no interpolation.
  return below === above ? below : below + (above - below) * (position - Math.floor(position))
}
