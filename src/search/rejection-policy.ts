import type { EvaluatorOptions } from '../evaluators/evaluator.js'
import { type Cost, type CostUnit, costIn } from '../evaluators/outcome.js'
import type { Channel, ChannelNumbers } from '../execution/channel/channel.js'
import type { TaskRejection } from '../execution/task-limits.js'
import { fidelityOf } from '../strategies/place.js'
import type { FinishedTrial } from '../strategies/strategy.js'
import type { Knowledge } from './knowledge.js'
import type { TrialTable } from './trial-table.js'

/** Against which earlier trials a trial's stage 1 is compared. */
export interface RejectionPolicy {
  /**
   * The reference of trial `index`, undefined where there is none; called in order of index, once all that it may know of
   * is finished.
   */
  reference(index: number): TaskRejection | undefined
  /** Tells of each finished trial, in the order in which they finish. */
  observe(trial: FinishedTrial): void
}

/**
 * The policy that an evaluator's settings ask for, for the trials of its fidelity: the stage 1 of another fidelity has
 * another threshold.
 */
export function rejectionPolicy(
  evaluator: EvaluatorOptions,
  fidelity: number,
  table: TrialTable,
  { required }: Knowledge,
  channel: Channel | null,
): RejectionPolicy {
  if (evaluator.name !== 'fear' || evaluator.ratio === null) return noRejection
  const stage1 = (trial: FinishedTrial | undefined) => stage1Cost(trial, fidelity)
  if (evaluator.cost !== 'seconds') return laggedReference(evaluator.cost, stage1, table, required)
  if (channel === null) throw new Error('rejection by measured seconds needs a channel')
  return newestReference(stage1, channel, referenceName(fidelity))
}

/** The references that running trials share, each a number of the search's channel. */
export function referenceNumbers(evaluators: readonly EvaluatorOptions[]): ChannelNumbers {
  return Object.fromEntries(
    evaluators.flatMap((evaluator, fidelity) =>
      evaluator.name === 'fear' && evaluator.ratio !== null && evaluator.cost === 'seconds'
        ? [[referenceName(fidelity), 'min'] as const]
        : [],
    ),
  )
}

/** Each fidelity has its own. */
function referenceName(fidelity: number): string {
  return `cheapest stage 1 of fidelity ${fidelity}`
}

/** The stage 1 of a trial that may set the pace; undefined for any other. */
type PaceOf = (trial: FinishedTrial | undefined) => Cost | undefined

const noRejection: RejectionPolicy = { reference: () => undefined, observe: () => {} }

/** Running trials see the newest cost at once. Fastest, and different on every run, as measured seconds are. */
function newestReference(paceOf: PaceOf, channel: Channel, number: string): RejectionPolicy {
  const reference: TaskRejection = { kind: 'shared', number }
  return {
    reference: () => reference,
    // Workers publish their own; this restores the reference of an earlier session.
    observe(trial) {
      const stage1 = paceOf(trial)
      if (stage1 !== undefined) channel.publish(number, stage1.computeSeconds)
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
      return cheapest === Infinity ? undefined : { kind: 'fixed', cheapest }
    },
    observe: () => {},
  }
}

/** Only a network that reached the threshold, and was then scored, may set the pace for others. */
function stage1Cost(trial: FinishedTrial | undefined, fidelity: number): Cost | undefined {
  if (trial?.outcome.kind !== 'scored' || fidelityOf(trial) !== fidelity) return undefined
  return trial.outcome.phases.stage1
}
