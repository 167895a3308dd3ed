/** What an arm may spend on evaluations: whichever limit is reached first ends it. Absent limits do not count. */
export interface Budget {
  readonly trials?: number | undefined
  /** Seconds since the arm began. */
  readonly wallSeconds?: number | undefined
  /** Seconds that workers were busy, summed over workers. */
  readonly computeSeconds?: number | undefined
}

export type BudgetLimit = 'trials' | 'wallSeconds' | 'computeSeconds'

export const budgetLimits = ['trials', 'wallSeconds', 'computeSeconds'] as const satisfies readonly BudgetLimit[]

/** How much has been spent, in the units of the limits. */
export type Spending = Readonly<Record<BudgetLimit, number>>

/** One limit after the fact. Running trials finish, so a limit in seconds may be overrun. */
export interface BudgetUse {
  readonly limit: BudgetLimit
  readonly planned: number
  readonly used: number
  /** `used - planned` where positive, else 0. */
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
    return [{ limit, planned, used: spent[limit], overrun: Math.max(0, spent[limit] - planned) }]
  })
}
