import type { Interval } from '../../statistics/interval.js'
import type { AnytimeCurve, TimeAxis } from './anytime.js'
import type { EndsComparison, SpentUnit } from './compare-ends.js'
import type { EqualAccuracy } from './equal-accuracy.js'

/** How many searches are replayed, and what each of them samples. */
export interface ResamplingOptions {
  readonly searches: number
  /** Of each search; null: as many as were measured. */
  readonly architectures: number | null
  readonly replacement: boolean
}

/**
 * Means and 95 % percentile intervals over the replayed searches. Intervals have no bounds where fewer than `leastUnits`
 * architectures were measured, or where fewer than 40 searches have the figure.
 */
export interface Resampling {
  readonly searches: number
  /** Of each search. */
  readonly architectures: number
  /** From how many measured ones they are drawn. */
  readonly measured: number
  readonly replacement: boolean
  /** On which the wall-clock times are scheduled. */
  readonly workers: number
  /** The arm that trains every architecture in full. */
  readonly against: string
  readonly arms: Readonly<Record<string, ResampledArm>>
  /** Every other arm against that one, the same architectures in the same order in each search. */
  readonly comparisons: Readonly<Record<string, ResampledComparison>>
  readonly anytime: Anytime
}

export interface ResampledArm extends Readonly<Record<SpentUnit, Interval>> {
  /** Of the network handed over, in 0..1. Null if no search has one. */
  readonly testAccuracy: Interval | null
  /** Searches that end without a network. */
  readonly withoutNetwork: number
  /** Means a search: evaluations rejected, and those that go on beyond what was measured (see `replayTrial`). */
  readonly rejected: number
  readonly extrapolated: number
}

export interface ResampledComparison extends EndsComparison {
  /** Null for short training itself, and where no short-training arm is as accurate. */
  readonly equalAccuracy: EqualAccuracy | null
}

/** Curves of every arm over common times in seconds. */
export interface Anytime {
  readonly times: Readonly<Record<TimeAxis, readonly number[]>>
  readonly arms: Readonly<Record<string, Readonly<Record<TimeAxis, AnytimeCurve>>>>
}
