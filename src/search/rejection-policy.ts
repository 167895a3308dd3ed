import { type Cost, type CostUnit, costIn } from '../evaluators/outcome.js'
import type { Pace } from '../evaluators/traits.js'
import type { TaskRejection } from '../execution/executor.js'
import { createSharedReferenceBuffer, sharedReference } from '../execution/shared-reference.js'
import { fidelityOf } from '../strategies/place.js'
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

/**
 * The policy that an evaluator's pace asks for, for the trials of its fidelity: the stage 1 of another fidelity has
 * another threshold.
 */
export function rejectionPolicy(
  pace: Pace | null,
  fidelity: number,
  table: TrialTable,
  { required }: Knowledge,
): RejectionPolicy {
  if (pace === null) return noRejection
  const { phase, unit } = pace
  const paceOf: PaceOf = (trial) => phaseCost(trial, fidelity, phase)
  return unit === 'seconds' ? newestReference(paceOf) : laggedReference(unit, paceOf, table, required)
}

/** The cost of the phase that sets the pace; undefined for a trial that may not set it. */
type PaceOf = (trial: FinishedTrial | undefined) => Cost | undefined

const noRejection: RejectionPolicy = { reference: () => ({ kind: 'fixed', cheapest: Infinity }), observe: () => {} }

/** Running trials see the newest cost at once. Fastest, and different on every run, as measured seconds are. */
function newestReference(paceOf: PaceOf): RejectionPolicy {
  const buffer = createSharedReferenceBuffer()
  const shared = sharedReference(buffer)
  const reference: TaskRejection = { kind: 'shared', buffer }
  return {
    reference: () => reference,
    // Workers offer their own; this restores the reference of an earlier session.
    observe(trial) {
      const stage1 = paceOf(trial)
      if (stage1 !== undefined) shared.offer(stage1)
    },
  }
}

/** The cheapest of the trials that trial `index` may know of. */
function laggedReference(
  unit: CostUnit,
  paceOf: PaceOf,
  table: TrialTable,
  known: Knowledge['required'],
): RejectionPolicy {
  let cheapest = Infinity
  let compared = 0
  return {
    reference(index) {
      for (; compared < known(index); compared++) {
        const stage1 = paceOf(table.finished[compared])
        if (stage1 !== undefined) cheapest = Math.min(cheapest, costIn(unit, stage1))
      }
      return { kind: 'fixed', cheapest }
    },
    observe: () => {},
  }
}

/** Only a network that reached the threshold, and was then scored, may set the pace for others. */
function phaseCost(trial: FinishedTrial | undefined, fidelity: number, phase: string): Cost | undefined {
  if (trial?.outcome.kind !== 'scored' || fidelityOf(trial) !== fidelity) return undefined
  return trial.outcome.phases[phase]
}
