import { type Budget, budgetLimits, type Spending } from '../../search/budget.js'

/**
 * Seconds until the first limit of a budget is reached, at the mean pace since the arm began. Null before the first
 * trial has finished.
 *
 * @param spent `trials` are finished ones, `wallSeconds` those in which they finished.
 */
export function secondsLeft(budget: Budget, spent: Spending): number | null {
  if (spent.trials === 0 || spent.wallSeconds <= 0) return null
  const left = budgetLimits.flatMap((limit) => {
    const planned = budget[limit]
    // It is unknown when a target is reached.
    if (planned === undefined || limit === 'targetAccuracy' || spent[limit] <= 0) return []
    return [(Math.max(0, planned - spent[limit]) / spent[limit]) * spent.wallSeconds]
  })
  return left.length === 0 ? null : Math.min(...left)
}
