/** What an arm may spend on its search: whichever limit is reached first ends it. Absent limits do not count. */
export interface Budget {
  readonly trials?: number | undefined
  /** Seconds since the arm began, those in which finalists were trained left out. */
  readonly wallSeconds?: number | undefined
  /** Seconds that workers were busy, summed over workers. */
  readonly computeSeconds?: number | undefined
  /** Passes over the training images, summed over trials; see `Cost.epochs`. */
  readonly epochs?: number | undefined
  readonly trainingFlops?: number | undefined
  /** In (0, 1]: what a trial's score must reach. For evaluators whose score is an accuracy. */
  readonly targetAccuracy?: number | undefined
  /** What becomes of running trials when a limit is reached; they finish unless told. */
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

/** How much has been spent, in the units of the limits; of a target the best score so far. */
export type Spending = Readonly<Record<BudgetLimit, number>>

/** One limit after the fact. Running trials finish, or end at their next step, so that a limit may be overrun. */
export interface BudgetUse {
  readonly limit: BudgetLimit
  readonly planned: number
  readonly used: number
  /** `used - planned` where positive, else 0. Always 0 of a target, which may be surpassed. */
  readonly overrun: number
}

/** The first limit that `spent` has reached, or null while there is something left of each. */
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
