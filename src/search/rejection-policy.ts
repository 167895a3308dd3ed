import type { EvaluatorOptions } from '../evaluators/evaluator.js'
import { type CostUnit, costIn, type Outcome } from '../evaluators/outcome.js'
import type { TaskRejection } from '../execution/executor.js'
import { createSharedReferenceBuffer, sharedReference } from '../execution/shared-reference.js'
import type { FinishedTrial } from '../strategies/strategy.js'
import type { TrialTable } from './trial-table.js'

/**
 * Trial i is compared with the trials up to i - 8, and sees the history up to there: enough for eight workers to be
 * busy, and few enough that FEAR finds a cheap reference early.
 */
export const rejectionLag = 8

/** Against which earlier trials a trial's stage 1 is compared, and what has to be finished before it may start. */
export interface RejectionPolicy {
  /** How many trials, from index 0 on, must be finished before trial `index` starts; these are all it may know of. */
  knownTrials(index: number): number
  /** The reference of trial `index`; called in order of index, once `knownTrials` are finished. */
  reference(index: number): TaskRejection
  /** Tells of each finished trial, in the order in which they finish. */
  observe(trial: FinishedTrial): void
  /** Trials that can be in flight at once. */
  readonly maxInFlight: number
}

/** The policy that an evaluator's settings ask for. */
export function rejectionPolicy(evaluator: EvaluatorOptions, table: TrialTable): RejectionPolicy {
  if (evaluator.name !== 'fear' || evaluator.ratio === null) return noRejection()
  return evaluator.cost === 'seconds' ? newestReference() : laggedReference(evaluator.cost, table)
}

function noRejection(): RejectionPolicy {
  const reference: TaskRejection = { kind: 'fixed', cheapest: Infinity }
  return { maxInFlight: Infinity, knownTrials: () => 0, reference: () => reference, observe: () => {} }
}

/** Running trials see the newest cost at once. Fastest, and different on every run, as measured seconds are. */
function newestReference(): RejectionPolicy {
  const buffer = createSharedReferenceBuffer()
  const shared = sharedReference(buffer)
  const reference: TaskRejection = { kind: 'shared', buffer }
  return {
    maxInFlight: Infinity,
    knownTrials: () => 0,
    reference: () => reference,
    // Workers offer their own; this restores the reference of an earlier session.
    observe({ outcome }) {
      const stage1 = stage1Cost(outcome)
      if (stage1 !== undefined) shared.offer(stage1)
    },
  }
}

/** A function of the trial's index alone, so that any number of workers gives the same trial table. */
function laggedReference(unit: CostUnit, table: TrialTable): RejectionPolicy {
  let cheapest = Infinity
  let compared = 0
  const knownTrials = (index: number): number => Math.max(0, index - rejectionLag + 1)
  return {
    maxInFlight: rejectionLag,
    knownTrials,
    reference(index) {
      for (; compared < knownTrials(index); compared++) {
        const stage1 = stage1Cost(table.finished[compared]?.outcome)
        if (stage1 !== undefined) cheapest = Math.min(cheapest, costIn(unit, stage1))
      }
      return { kind: 'fixed', cheapest }
    },
    observe: () => {},
  }
}

/** Only a network that reached the threshold, and was then scored, may set the pace for others. */
function stage1Cost(outcome: Outcome | undefined) {
  return outcome?.kind === 'scored' ? outcome.phases.stage1 : undefined
}
