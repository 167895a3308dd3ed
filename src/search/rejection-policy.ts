import type { EvaluatorOptions } from '../evaluators/evaluator.js'
import { type CostUnit, costIn, type Outcome } from '../evaluators/outcome.js'
import type { TaskRejection } from '../execution/executor.js'
import { createSharedReferenceBuffer, sharedReference } from '../execution/shared-reference.js'
import type { FinishedTrial } from '../strategies/strategy.js'
import type { Knowledge } from './knowledge.js'
import type { TrialTable } from './trial-table.js'

/** Against which earlier trials a trial's stage 1 is compared. */
export interface RejectionPolicy {
  /** The reference of trial `index`; called in order of index, once all that it may know of is finished. */
  reference(index: number): TaskRejection
  /** Tells of each finished trial, in the order in which they finish. */
  observe(trial: FinishedTrial): void
}

/** The policy that an evaluator's settings ask for. */
export function rejectionPolicy(
  evaluator: EvaluatorOptions,
  table: TrialTable,
  { required }: Knowledge,
): RejectionPolicy {
  if (evaluator.name !== 'fear' || evaluator.ratio === null) return noRejection
  return evaluator.cost === 'seconds' ? newestReference() : laggedReference(evaluator.cost, table, required)
}

const noRejection: RejectionPolicy = { reference: () => ({ kind: 'fixed', cheapest: Infinity }), observe: () => {} }

/** Running trials see the newest cost at once. Fastest, and different on every run, as measured seconds are. */
function newestReference(): RejectionPolicy {
  const buffer = createSharedReferenceBuffer()
  const shared = sharedReference(buffer)
  const reference: TaskRejection = { kind: 'shared', buffer }
  return {
    reference: () => reference,
    // Workers offer their own; this restores the reference of an earlier session.
    observe({ outcome }) {
      const stage1 = stage1Cost(outcome)
      if (stage1 !== undefined) shared.offer(stage1)
    },
  }
}

/** The cheapest of the trials that trial `index` may know of. */
function laggedReference(unit: CostUnit, table: TrialTable, known: Knowledge['required']): RejectionPolicy {
  let cheapest = Infinity
  let compared = 0
  return {
    reference(index) {
      for (; compared < known(index); compared++) {
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
