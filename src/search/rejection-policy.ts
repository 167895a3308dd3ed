import { type Cost, type CostUnit, costIn } from '../evaluators/outcome.js'
import type { Pace } from '../evaluators/traits.js'
import type { Channel, ChannelNumbers } from '../execution/channel/channel.js'
import type { TaskRejection } from '../execution/task-limits.js'
import { fidelityOf } from '../strategies/lineage.js'
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
  /** Called for each finished trial, in the order of finishing. */
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
  channel: Channel | null,
): RejectionPolicy {
  if (pace === null) return noRejection
  const { phase, unit } = pace
  const paceOf: PaceOf = (trial) => phaseCost(trial, fidelity, phase)
  if (unit !== 'seconds') return laggedReference(unit, paceOf, table, required)
  if (channel === null) throw new Error('rejection by measured seconds needs a channel')
  return newestReference(paceOf, channel, referenceName(fidelity))
}

/** The references that running trials share, each a number of the search's channel. */
export function referenceNumbers(paces: readonly (Pace | null)[]): ChannelNumbers {
  return Object.fromEntries(
    paces.flatMap((pace, fidelity) => (pace?.unit === 'seconds' ? [[referenceName(fidelity), 'min'] as const] : [])),
  )
}

/** Each fidelity has its own. */
function referenceName(fidelity: number): string {
  return `cheapest phase of fidelity ${fidelity}`
}

/** The cost of the phase that sets the pace; undefined for a trial that may not set it. */
type PaceOf = (trial: FinishedTrial | undefined) => Cost | undefined

const noRejection: RejectionPolicy = { reference: () => undefined, observe: () => {} }

/** Running trials see the newest cost immediately. Rejects earliest, and is not repeatable, like measured seconds. */
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

/** The cheapest of the trials that trial `index` may see. */
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

/** Only a trial that reached the threshold and was scored may be the reference for others. */
function phaseCost(trial: FinishedTrial | undefined, fidelity: number, phase: string): Cost | undefined {
  if (trial?.outcome.kind !== 'scored' || fidelityOf(trial) !== fidelity) return undefined
  return trial.outcome.phases[phase]
}
