import type { RejectionReference } from '../evaluators/evaluator.js'
import type { Cost } from '../evaluators/outcome.js'
import type { Clock } from '../platform/clock.js'
import type { TaskChannel } from './channel/channel.js'

/**
 * What FEAR compares a stage 1 with: `fixed`, known when the task is sent, or `shared`, a minimum of the task's channel
 * that running trials read and lower.
 */
export type TaskRejection =
  | { readonly kind: 'fixed'; readonly cheapest: number }
  | { readonly kind: 'shared'; readonly number: string }

/** The parts of a cost that budgets limit. */
export const budgetUnits = ['computeSeconds', 'epochs', 'trainingFlops'] as const satisfies readonly (keyof Cost)[]
export type BudgetUnit = (typeof budgetUnits)[number]

/** What a task knows of the budget of its search, where running trials are aborted at its limit. */
export interface TaskBudget {
  /** For the sums of these names in the task's channel. */
  readonly limits: Readonly<Partial<Record<BudgetUnit, number>>>
  /** Seconds from the task's start after which the wall-clock budget is used up; absent where there is none. */
  readonly wallSeconds?: number
}

/** Relative. Sums of costs are rounded, and that must not end a trial that fits in exactly. */
const tolerance = 1e-9

const noReference: RejectionReference = { cheapest: () => Infinity, offer: () => {} }

/** @param channel the task's; needed where the rejection is `shared` */
export function rejectionReference(
  rejection: TaskRejection | undefined,
  channel: TaskChannel | null,
): RejectionReference {
  if (rejection === undefined) return noReference
  if (rejection.kind === 'fixed') {
    const { cheapest } = rejection
    return { cheapest: () => cheapest, offer: () => {} }
  }
  const { number } = rejection
  const shared = present(channel)
  return {
    cheapest: () => shared.read(number),
    offer: ({ computeSeconds }) => shared.publish(number, computeSeconds),
  }
}

/**
 * What a running trial calls after every step: publishes what the trial has cost, and says whether it must end, because
 * the driver aborts it or because all trials together have spent more than a limit. Undefined if nothing can end it.
 */
export function overBudget(
  budget: TaskBudget | undefined,
  channel: TaskChannel | null,
  wallClock: Clock,
): ((spent: Cost) => boolean) | undefined {
  if (budget === undefined) return channel === null ? undefined : () => channel.isAborted()
  const { limits, wallSeconds = Infinity } = budget
  const shared = present(channel)
  const startedSeconds = wallClock.now()
  const units = budgetUnits.filter((unit) => limits[unit] !== undefined)
  const isBeyond = (unit: BudgetUnit): boolean => shared.read(unit) > (limits[unit] ?? Infinity) * (1 + tolerance)
  return (spent) => {
    for (const unit of units) shared.publish(unit, spent[unit])
    return shared.isAborted() || wallClock.now() - startedSeconds > wallSeconds || units.some(isBeyond)
  }
}

function present(channel: TaskChannel | null): TaskChannel {
  if (channel === null) throw new Error('a task that shares a reference or a budget must name its channel')
  return channel
}
