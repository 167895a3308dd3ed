import { type Interval, percentileInterval } from '../../statistics/interval.js'
import type { Stop } from './replay-search.js'

/** The costs of a search. */
const spentUnits = ['computeSeconds', 'wallSeconds', 'trainingFlops'] as const
export type SpentUnit = (typeof spentUnits)[number]

export interface EndsComparison {
  /** Above 1: ours is cheaper. Over the compared searches; null if there is none. */
  readonly speedup: Readonly<Record<SpentUnit, Interval | null>>
  /** In 0..1; above 0: ours is more accurate. Over the compared searches; null if there is none. */
  readonly testAccuracyDifference: Interval | null
  /** Number of searches left out because an arm ends without a network or spends nothing. Absent in older runs. */
  readonly leftOut?: number | undefined
}

/**
 * Compares two arms search by search: the ratio of their cost to ours, and the accuracies. A search that ends without a
 * network in one of the arms is left out.
 *
 * @param units the number of architectures that searches are drawn from.
 */
export function compareEnds(ours: readonly Stop[], theirs: readonly Stop[], units: number): EndsComparison {
  const pairs = ours.flatMap((mine, search) => {
    const its = theirs[search]
    return its !== undefined && isComplete(mine) && isComplete(its) ? [{ mine, its }] : []
  })
  return {
    speedup: ofEachUnit((unit) =>
      percentileInterval(
        pairs.map(({ mine, its }) => its[unit] / mine[unit]),
        { units },
      ),
    ),
    testAccuracyDifference: percentileInterval(
      pairs.map(({ mine, its }) => mine.testAccuracy - its.testAccuracy),
      { units },
    ),
    leftOut: ours.length - pairs.length,
  }
}

/** Whether a search ends with a measured network and a cost above 0. */
function isComplete(stop: Stop): stop is Stop & { readonly testAccuracy: number } {
  return stop.testAccuracy !== null && spentUnits.every((unit) => stop[unit] > 0)
}

export function ofEachUnit<T>(value: (unit: SpentUnit) => T): Readonly<Record<SpentUnit, T>> {
  return {
    computeSeconds: value('computeSeconds'),
    wallSeconds: value('wallSeconds'),
    trainingFlops: value('trainingFlops'),
  }
}
