import { type Interval, percentileInterval } from '../../statistics/interval.js'
import type { Stop } from './replay-search.js'

/** What a search spends. */
const spentUnits = ['computeSeconds', 'wallSeconds', 'trainingFlops'] as const
export type SpentUnit = (typeof spentUnits)[number]

export interface EndsComparison {
  /** Above 1 ours is cheaper. Over the searches that are compared; null if there is none. */
  readonly speedup: Readonly<Record<SpentUnit, Interval | null>>
  /** In 0..1, above 0 ours is more accurate; over the searches that are compared, null if there is none. */
  readonly testAccuracyDifference: Interval | null
  /** Searches that are not compared: one of the arms ends without a network, or spends nothing. Absent in older runs. */
  readonly leftOut?: number | undefined
}

/**
 * How the searches of two arms end, search by search: what theirs spends over what ours spends, and the accuracies. A
 * search that ends without a network in one of the arms is left out: what it spent has bought nothing.
 *
 * @param units how many architectures the searches were drawn from.
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

/** Whether a search ends with a network that was measured, and has spent something. */
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
