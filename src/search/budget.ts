/** What an arm may spend on its search. The first limit reached ends it; an absent limit does not apply. */
export interface Budget {
  readonly trials?: number | undefined
  /** Wall-clock seconds since the arm began, without the training of finalists. */
  readonly wallSeconds?: number | undefined
  /** Seconds that workers were busy, summed over workers. */
  readonly computeSeconds?: number | undefined
  /** Passes over the training images, summed over trials; see `Cost.epochs`. */
  readonly epochs?: number | undefined
  readonly trainingFlops?: number | undefined
  /** In (0, 1]: what a trial's score must reach. For evaluators whose score is an accuracy. */
  readonly targetAccuracy?: number | undefined
  /** Whether running trials finish or are aborted at a limit; default `finish`. */
  readonly atLimit?: 'finish' | 'abort' | undefined
}

export type BudgetLimit = Exclude<keyof Budget, 'atLimit'>

export const budgetLimits = [
  'trials',
  'wallSeconds',
  'computeSeconds',
  'epochs',
  'trainingFlops',
  'targetAccuracy',
] as const satisfies readonly BudgetLimit[]

/** How much has been spent, in the units of the limits; for a target the best score so far. */
export type Spending = Readonly<Record<BudgetLimit, number>>

/**
 * Planned and used amounts of one limit. A limit may be overrun, since running trials finish or end at their next step.
 */
export interface BudgetUse {
  readonly limit: BudgetLimit
  readonly planned: number
  readonly used: number
  /** `used - planned` if positive, else 0. Always 0 for a target. */
  readonly overrun: number
}

/** The first limit that `spent` has reached, or null. */
export function reachedLimit(budget: Budget, spent: Spending): BudgetLimit | null {
  return budgetLimits.find((limit) => spent[limit] >= (budget[limit] ?? Infinity)) ?? null
}

/** Planned, used and overrun of every limit that was set. */
export function budgetUse(budget: Budget, spent: Spending): readonly BudgetUse[] {
  return budgetLimits.flatMap((limit) => {
    const planned = budget[limit]
    if (planned === undefined) return []
    const overrun = limit === 'targetAccuracy' ? 0 : Math.max(0, spent[limit] - planned)
    return [{ limit, planned, used: spent[limit], overrun }]
  })
}
