import { type Interval, percentileInterval } from '../../statistics/interval.js'
import type { Stop } from './replay-search.js'

/** What a search spends. */
export type SpentUnit = 'computeSeconds' | 'wallSeconds' | 'trainingFlops'

export interface EndsComparison {
  /** Above 1 ours is cheaper. */
  readonly speedup: Readonly<Record<SpentUnit, Interval>>
  /** In 0..1, above 0 ours is more accurate; over the searches that end with a network in both arms, null if none does. */
  readonly testAccuracyDifference: Interval | null
}

/** How the searches of two arms end, search by search: what theirs spends over what ours spends, and the accuracies. */
export function compareEnds(ours: readonly Stop[], theirs: readonly Stop[]): EndsComparison {
  const pairs = ours.map((mine, search) => ({ mine, its: theirs[search] as Stop }))
  const differences = pairs.flatMap(({ mine, its }) =>
    mine.testAccuracy === null || its.testAccuracy === null ? [] : [mine.testAccuracy - its.testAccuracy],
  )
  return {
    speedup: ofEachUnit((unit) => pairs.map(({ mine, its }) => its[unit] / mine[unit])),
    testAccuracyDifference: percentileInterval(differences),
  }
}

/** Intervals of values that there are for each unit. */
export function ofEachUnit(values: (unit: SpentUnit) => readonly number[]): Readonly<Record<SpentUnit, Interval>> {
  const interval = (unit: SpentUnit): Interval => percentileInterval(values(unit)) as Interval
  return {
    computeSeconds: interval('computeSeconds'),
    wallSeconds: interval('wallSeconds'),
    trainingFlops: interval('trainingFlops'),
  }
}
