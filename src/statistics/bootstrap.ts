import type { Rng } from '../platform/rng.js'
import { type Interval, percentileInterval } from './interval.js'

export interface BootstrapOptions {
  /** How many items the sample has. */
  readonly count: number
  /** How often it is drawn again. */
  readonly resamples: number
  readonly rng: Rng
  /** Of the interval, in (0, 1); 0.95 unless told. */
  readonly level?: number
}

/**
 * Percentile bootstrap intervals (Efron 1979) of several statistics at once: the sample is drawn again, `count` items
 * with replacement, and each statistic computed anew on each resample; the interval leaves out the same share of the
 * values on both sides.
 *
 * A statistic may be undefined (null) on some resamples, as a correlation is where all values are equal. These are
 * left out; where they are more than a tenth the interval is null, for what is left would be a biased choice. Of fewer
 * than `leastUnits` items, and of too few resamples, intervals have no bounds (see `percentileInterval`).
 *
 * @param statistics of the items at these positions (0..count-1, some more than once, in no order); the array is
 *   filled anew for the next resample. As many values at every call.
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
