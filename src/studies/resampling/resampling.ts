import type { Interval } from '../../statistics/interval.js'
import type { AnytimeCurve, TimeAxis } from './anytime.js'
import type { EndsComparison, SpentUnit } from './compare-ends.js'
import type { EqualAccuracy } from './equal-accuracy.js'

/** Number of replayed searches, and their samples. */
export interface ResamplingOptions {
  readonly searches: number
  /** Architectures per search; null: as many as were measured. */
  readonly architectures: number | null
  readonly replacement: boolean
}

/**
 * Means and 95 % percentile intervals over the replayed searches. Intervals have no bounds if fewer than `leastUnits`
 * architectures were measured, or if fewer than 40 searches have the figure.
 */
export interface Resampling {
  readonly searches: number
  /** Number of architectures per search. */
  readonly architectures: number
  /** Number of measured architectures they are drawn from. */
  readonly measured: number
  readonly replacement: boolean
  /** Number of workers for the scheduled wall-clock times. */
  readonly workers: number
  /** The arm that trains every architecture in full. */
  readonly against: string
  readonly arms: Readonly<Record<string, ResampledArm>>
  /** Every other arm compared with that one, with the same architectures in the same order in each search. */
  readonly comparisons: Readonly<Record<string, ResampledComparison>>
  readonly anytime: Anytime
}

export interface ResampledArm extends Readonly<Record<SpentUnit, Interval>> {
  /** Test accuracy of the final network, in 0..1. Null if no search has one. */
  readonly testAccuracy: Interval | null
  /** Number of searches that end without a network. */
  readonly withoutNetwork: number
  /** Means per search of rejected and extrapolated evaluations (see `replayTrial`). */
  readonly rejected: number
  readonly extrapolated: number
}

export interface ResampledComparison extends EndsComparison {
  /** Null for short training itself, and if no short-training arm is as accurate. */
  readonly equalAccuracy: EqualAccuracy | null
}

/** Curves of every arm over common times in seconds. */
export interface Anytime {
  readonly times: Readonly<Record<TimeAxis, readonly number[]>>
  readonly arms: Readonly<Record<string, Readonly<Record<TimeAxis, AnytimeCurve>>>>
}
