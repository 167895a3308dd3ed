import { meanInterval } from '../../statistics/mean-interval.js'
import { mean, standardDeviation } from '../../statistics/sample.js'
import type { OverSearches } from './simulation.js'

/** Summarises one value per search. */
export function overSearches(values: readonly number[]): OverSearches {
  const interval = meanInterval(values)
  return {
    mean: mean(values) as number,
    low: interval?.low ?? null,
    high: interval?.high ?? null,
    deviation: standardDeviation(values),
  }
}
