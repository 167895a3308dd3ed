import type { Cost, CostUnit } from '../../evaluators/outcome.js'

/** An arm's trial table, with the data for replaying searches. */
export interface MeasuredArm {
  readonly name: string
  /** Whether every evaluation is a full training. */
  readonly trainsInFull: boolean
  /** Whether every evaluation is a shorter training of the whole network. */
  readonly isShortTraining: boolean
  /** Number of finalists; 0 if the evaluator trains in full itself. */
  readonly finalists: number
  /** Fixed cost per search: the prefilter and the calibration of the threshold. */
  readonly fixedCost: Cost
  /** Its parts in seconds, in the order of scheduling; absent: one part on one worker. */
  readonly fixedSeconds?: readonly number[] | undefined
  readonly rejection: RejectionRule | null
  /** By index; every arm of a study has the same architecture at the same index. */
  readonly trials: readonly MeasuredTrial[]
}

/** FEAR's rejection: a trial ends when its stage 1 costs at least `ratio` times the cheapest one before. */
export interface RejectionRule {
  readonly ratio: number
  readonly unit: CostUnit
  /**
   * A trial is compared with trials at least this many positions before it. With costs in seconds the real search
   * compares with all that have finished; a replay uses all earlier trials, as with one worker.
   */
  readonly lag: number
  /** Maximum number of checks of a stage 1. */
  readonly maxChecks: number
  /** Steps per epoch if stage 1 is checked after every step; absent if after every epoch. */
  readonly epoch?: EpochOfSteps | undefined
}

/** An epoch of `steps` batches, the last of which may be smaller. */
export interface EpochOfSteps {
  readonly steps: number
  readonly batch: number
  readonly images: number
}

export interface MeasuredTrial {
  /** The total cost of the evaluation. */
  readonly cost: Cost
  /** Null if it ended without a score. */
  readonly score: number | null
  /** Null if it cannot be rejected: another evaluator, or a trial that failed or diverged. */
  readonly stage1: MeasuredStage1 | null
}

export interface MeasuredStage1 {
  readonly cost: Cost
  /** Number of checks: epochs or steps. */
  readonly checks: number
  /** How it ended. For a rejected trial it is unknown how many more epochs it would have needed. */
  readonly end: 'reached' | 'below-threshold' | 'rejected'
}

/** The full training of a trial. */
export interface FullTraining {
  readonly cost: Cost
  /** In 0..1; null if the training diverged or failed. */
  readonly validationAccuracy: number | null
  readonly testAccuracy: number | null
}
