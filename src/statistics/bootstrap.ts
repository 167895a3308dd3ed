import type { Rng } from '../platform/rng.js'
import { type Interval, percentileInterval } from './interval.js'

export interface BootstrapOptions {
  /** Number of items in the sample. */
  readonly count: number
  /** Number of resamples. */
  readonly resamples: number
  readonly rng: Rng
  /** Level of the interval, in (0, 1); default 0.95. */
  readonly level?: number
}

/**
 * Percentile bootstrap intervals (Efron 1979) of several statistics together: `count` items are drawn with replacement,
 * and each statistic is computed on each resample; the interval leaves out the same share of the values on both sides.
 *
 * A statistic may be undefined (null) on some resamples, such as a correlation of equal values. These are left out; if
 * they are more than a tenth, the interval is null, because the rest would be biased. Intervals have no bounds for
 * fewer than `leastUnits` items or too few resamples (see `percentileInterval`).
 *
 * @param statistics of the items at these positions (0..count-1, some more than once, in no order); the array is
 *   reused for the next resample. The number of values is the same at every call.
 */
export function bootstrapIntervals(
  { count, resamples, rng, level = 0.95 }: BootstrapOptions,
  statistics: (positions: Uint32Array) => readonly (number | null)[],
): readonly (Interval | null)[] {
  const positions = new Uint32Array(count)
  const values: number[][] = []
  for (let resample = 0; resample < resamples; resample++) {
    for (let i = 0; i < count; i++) positions[i] = rng.integer(count)
    for (const [i, value] of statistics(positions).entries()) {
      values[i] ??= []
      if (value !== null) values[i].push(value)
    }
  }
  return values.map((sample) =>
    sample.length < 0.9 * resamples ? null : percentileInterval(sample, { level, units: count }),
  )
}
