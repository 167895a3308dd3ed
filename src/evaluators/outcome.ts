import type { SeedPart } from '../platform/rng.js'
import type { Cost } from '../training/cost.js'
import type { Snapshot } from './measures-in-training/snapshot.js'

export { addCosts, type Cost, noCost } from '../training/cost.js'

/** The unit in which FEAR compares costs of stage 1: measured seconds, training FLOPs or optimiser steps. */
export type CostUnit = 'seconds' | 'work' | 'steps'

export function costIn(unit: CostUnit, cost: Cost): number {
  if (unit === 'seconds') return cost.computeSeconds
  return unit === 'work' ? cost.trainingFlops : cost.steps
}

/** `table`: the value of a table's column; `zero-cost`: the value of a measure, of any magnitude and sign. */
export type ScoreMetric = 'train-accuracy' | 'validation-accuracy' | 'table' | 'zero-cost'

interface OutcomeBase {
  /** The total cost of the trial, for any outcome. */
  readonly cost: Cost
  /** The cost by phase (`stage1`, `features`, `stage2`, `train`, `measure`, `validate`, `lost`); sums to `cost`. */
  readonly phases: Readonly<Record<string, Cost>>
  /** Measures in training only: all snapshots up to the end of the trial, for any outcome. */
  readonly snapshots?: readonly Snapshot[]
  /** The attempts before this one, each of which lost its worker. Phase `lost` is what they cost. */
  readonly lost?: readonly LostAttempt[]
  /** For failed trials: names their random streams, see `EvaluationRequest.trialSeed`. */
  readonly seed?: readonly SeedPart[]
}

/** How a worker died while it ran a trial. */
export interface LostAttempt {
  readonly message: string
  readonly stack?: string
}

export interface ScoredOutcome extends OutcomeBase {
  readonly kind: 'scored'
  /** Higher is better. Comparable only with scores of the same evaluator: a FEAR score is not an accuracy. */
  readonly score: number
  readonly metric: ScoreMetric
  /**
   * Accuracies in 0..1. Train accuracy is the running mean over the last epoch's batches, before each update; null where
   * nothing was trained.
   */
  readonly trainAccuracy: number | null
  readonly validationAccuracy: number | null
  /** For the truth of a ranking only, in 0..1, measured by the study: evaluators do not use test images. */
  readonly testAccuracy?: number
  /** FEAR only: the result of stage 1. Its epochs have a fraction if it ended in mid-epoch. */
  readonly stage1?: { readonly epochs: number; readonly trainAccuracy: number }
}

/** Stage 1 cost more than `limit` (ratio times the cheapest so far), in `unit`. */
export interface RejectedOutcome extends OutcomeBase {
  readonly kind: 'rejected'
  readonly limit: number
  readonly unit: CostUnit
  readonly bestTrainAccuracy: number
}

/** The threshold was not reached within the allowed epochs. */
export interface BelowThresholdOutcome extends OutcomeBase {
  readonly kind: 'below-threshold'
  readonly bestTrainAccuracy: number
}

/** The loss became NaN or infinite in the given epoch (from 0) of the phase. */
export interface DivergedOutcome extends OutcomeBase {
  readonly kind: 'diverged'
  readonly phase: string
  readonly epoch: number
}

export interface TimedOutOutcome extends OutcomeBase {
  readonly kind: 'timed-out'
  readonly limitSeconds: number
}

/**
 * The search's budget was used up during the given phase (`budget.atLimit: abort`). Not ranked, and not run again by
 * `resume`.
 */
export interface AbortedOutcome extends OutcomeBase {
  readonly kind: 'aborted'
  readonly phase: string
}

export interface FailedOutcome extends OutcomeBase {
  readonly kind: 'failed'
  readonly message: string
  readonly stack?: string
  /** Its worker died, ran out of memory or stopped answering; the trial may not be the cause. */
  readonly workerLost?: true
  /**
   * Number of attempts, if not 1. After 2 the architecture is quarantined: if proposed again, it fails with 0 attempts.
   */
  readonly attempts?: number
}

/** The outcome of a trial: data, not an exception. */
export type Outcome =
  | ScoredOutcome
  | RejectedOutcome
  | BelowThresholdOutcome
  | DivergedOutcome
  | TimedOutOutcome
  | AbortedOutcome
  | FailedOutcome

export const outcomeKinds = [
  'scored',
  'rejected',
  'below-threshold',
  'diverged',
  'timed-out',
  'aborted',
  'failed',
] as const satisfies readonly Outcome['kind'][]

export type OutcomeCounts = Readonly<Record<Outcome['kind'], number>>

/** A zero count for each kind. */
export function zeroCounts(): Record<Outcome['kind'], number> {
  return Object.fromEntries(outcomeKinds.map((kind) => [kind, 0])) as Record<Outcome['kind'], number>
}
