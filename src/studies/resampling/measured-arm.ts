import type { Cost, CostUnit } from '../../evaluators/outcome.js'

/** An arm's trial table, as far as searches can be replayed from it. */
export interface MeasuredArm {
  readonly name: string
  /** Whether every evaluation is a full training. */
  readonly trainsInFull: boolean
  /** Whether every evaluation is a shorter training of the whole network. */
  readonly isShortTraining: boolean
  /** How many of the best by score are trained in full; 0 where the evaluator does so itself. */
  readonly finalists: number
  /** Paid once a search, whatever it samples: the prefilter, and the calibration of a threshold. */
  readonly fixedCost: Cost
  /** Its parts in seconds, in the order in which workers take them; absent: one worker has it all. */
  readonly fixedSeconds?: readonly number[] | undefined
  readonly rejection: RejectionRule | null
  /** By index; every arm of a study has the same architecture at the same index. */
  readonly trials: readonly MeasuredTrial[]
}

/** FEAR's rule: a stage 1 that costs at least `ratio` times the cheapest one before it is given up. */
export interface RejectionRule {
  readonly ratio: number
  readonly unit: CostUnit
  /**
   * A trial is compared with those at least so many places before it. With costs in seconds the search itself compares
   * with whatever has ended by then; a replay takes all trials before, as one worker does.
   */
  readonly lag: number
  /** A stage 1 that has not reached the threshold is looked at so many times at most. */
  readonly maxChecks: number
  /** Of an epoch, where a stage 1 is looked at after every step; absent where it is after every epoch. */
  readonly epoch?: EpochOfSteps | undefined
}

/** An epoch of `steps` batches, the last of which may be smaller. */
export interface EpochOfSteps {
  readonly steps: number
  readonly batch: number
  readonly images: number
}

export interface MeasuredTrial {
  /** Everything the evaluation cost. */
  readonly cost: Cost
  /** Null if it ended without. */
  readonly score: number | null
  /** Null where nothing can be rejected: another evaluator, or a trial that failed or diverged. */
  readonly stage1: MeasuredStage1 | null
}

export interface MeasuredStage1 {
  readonly cost: Cost
  /** How often accuracy and cost were looked at: after every epoch, or every step. */
  readonly checks: number
  /** Where it ended. Of a rejected one it is not known how many more epochs it would have needed. */
  readonly end: 'reached' | 'below-threshold' | 'rejected'
}

/** What full training made of a trial. */
export interface FullTraining {
  readonly cost: Cost
  /** In 0..1; null if the training diverged or failed. */
  readonly validationAccuracy: number | null
  readonly testAccuracy: number | null
}
