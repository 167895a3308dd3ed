import { type Interval, percentileInterval } from '../../statistics/interval.js'
import type { Stop } from './replay-search.js'

/** The time axis of an anytime curve. */
export const timeAxes = ['computeSeconds', 'wallSeconds'] as const
export type TimeAxis = (typeof timeAxes)[number]

/**
 * Test accuracy (0..1) of a search that ends at a given time: mean and interval over many searches, at each time of the
 * axis. Null until every search has a network; without bounds if there are too few searches or architectures.
 */
export interface AnytimeCurve {
  readonly mean: readonly (number | null)[]
  readonly low: readonly (number | null)[]
  readonly high: readonly (number | null)[]
}

/** `count` times from `first` to `last` seconds (above 0), evenly spaced by their logarithm. */
export function logarithmicTimes(first: number, last: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => first * (last / first) ** (i / (count - 1)))
}

/**
 * The test accuracy at each time: that of the longest search that ends by then, including its finalists; null if there
 * is none.
 */
export function accuracyAt(stops: readonly Stop[], axis: TimeAxis, times: readonly number[]): (number | null)[] {
  const longest = new Array<number>(times.length).fill(-1)
  for (const [index, stop] of stops.entries()) {
    const from = times.findIndex((time) => time >= stop[axis])
    if (from >= 0) longest[from] = index
  }
  let last = -1
  return longest.map((index) => {
    // A longer search may be cheaper, if its finalists are smaller networks.
    last = Math.max(last, index)
    return stops[last]?.testAccuracy ?? null
  })
}

/**
 * The curve over many searches, from the accuracies of each at the same times.
 *
 * @param units the number of architectures that searches are drawn from.
 */
export function anytimeCurve(searches: readonly (readonly (number | null)[])[], units: number): AnytimeCurve {
  const count = searches[0]?.length ?? 0
  const intervals = Array.from({ length: count }, (_, time) => intervalAt(searches, time, units))
  return {
    mean: intervals.map((interval) => interval?.mean ?? null),
    low: intervals.map((interval) => interval?.low ?? null),
    high: intervals.map((interval) => interval?.high ?? null),
  }
}

function intervalAt(searches: readonly (readonly (number | null)[])[], time: number, units: number): Interval | null {
  const values = searches.flatMap((accuracies) => accuracies[time] ?? [])
  return values.length < searches.length ? null : percentileInterval(values, { units })
}
