import type { Calibration } from '../evaluators/calibration/calibration.js'
import type { Cost, Outcome } from '../evaluators/outcome.js'
import type { Architecture } from '../spaces/search-space.js'
import type { Lineage } from '../strategies/strategy.js'
import type { Budget, BudgetLimit } from './budget.js'

/** The events of a running search, in order, for a status line. */
export type SearchEvent =
  | PrefilterStarted
  | PrefilterScored
  | PrefilterFinished
  | CalibrationStarted
  | CalibrationFinished
  | ArmStarted
  | TrialStarted
  | TrialFinished
  | FinalistStarted
  | FinalistFinished
  | TestsStarted
  | TestStarted
  | ArmFinished

interface OfArm {
  readonly arm: string
}

interface OfTrial extends OfArm, Lineage {
  /** Index of the trial, from 0. */
  readonly trial: number
  readonly architecture: Architecture
}

/** Before the arm starts: the prefilter begins. */
export interface PrefilterStarted extends OfArm {
  readonly kind: 'prefilter-started'
  readonly measure: string
  /** How many are scored. */
  readonly architectures: number
  /** How many of them an earlier session of this run had scored. */
  readonly scoredBefore: number
}

export interface PrefilterScored extends OfArm {
  readonly kind: 'prefilter-scored'
  /** So far, of how many. */
  readonly scored: number
  readonly architectures: number
}

export interface PrefilterFinished extends OfArm {
  readonly kind: 'prefilter-finished'
  /** How many architectures are left to search. */
  readonly kept: number
  readonly cost: Cost
}

/** Before the arm starts: the calibration of its threshold begins. */
export interface CalibrationStarted extends OfArm {
  readonly kind: 'calibration-started'
  /** The number of networks it trains. */
  readonly architectures: number
}

export interface CalibrationFinished extends OfArm, Calibration {
  readonly kind: 'calibration-finished'
  readonly cost: Cost
}

export interface ArmStarted extends OfArm {
  readonly kind: 'arm-started'
  readonly strategy: string
  readonly evaluator: string
  readonly budget: Budget
  /** Trials in flight at most. */
  readonly workers: number
  /** Workers that this arm cannot use, because a trial waits for the results of those `resultLag` before it. */
  readonly idleWorkers: number
  /** Trials that an earlier session of this run had finished. */
  readonly resumedTrials: number
}

export interface TrialStarted extends OfTrial {
  readonly kind: 'trial-started'
}

export interface TrialFinished extends OfTrial {
  readonly kind: 'trial-finished'
  readonly outcome: Outcome
  readonly progress: Progress
}

export interface FinalistStarted extends OfTrial {
  readonly kind: 'finalist-started'
}

export interface FinalistFinished extends OfTrial {
  readonly kind: 'finalist-finished'
  readonly outcome: Outcome
}

/** The arm's networks are about to be measured on the test images; not charged to any arm. */
export interface TestsStarted extends OfArm {
  readonly kind: 'tests-started'
  readonly networks: number
}

/** A network is being measured on the test images. */
export interface TestStarted extends OfTrial {
  readonly kind: 'test-started'
}

export interface ArmFinished extends OfArm {
  readonly kind: 'arm-finished'
  readonly trials: number
  readonly wallSeconds: number
  readonly endedBy: SearchEnd
}

/** The arm so far. */
export interface Progress {
  readonly finishedTrials: number
  readonly runningTrials: number
  readonly computeSeconds: number
  readonly epochs: number
  readonly trainingFlops: number
  readonly wallSeconds: number
  /** The best trial so far: score and architecture, at the highest fidelity with a score; null before the first. */
  readonly best: { readonly trial: number; readonly architecture: Architecture; readonly score: number } | null
}

/** Why no more trials were started: a limit, nothing left to propose, or a request to stop. */
export type SearchEnd = BudgetLimit | 'space-exhausted' | 'stopped'
