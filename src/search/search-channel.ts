import type { Pace } from '../evaluators/traits.js'
import type { Channel } from '../execution/channel/channel.js'
import type { Executor } from '../execution/executor.js'
import type { Budget } from './budget.js'
import { budgetNumbers } from './budget-watch.js'
import { referenceNumbers } from './rejection-policy.js'

/**
 * The channel of a search: the cheapest phase so far, if trials are rejected by measured seconds, and what all running
 * trials have cost, if they are aborted at the budget's limit. Null if trials share neither.
 *
 * @param paces of the fidelities
 * @param trials how many trials run at most at a time
 */
export function openSearchChannel(
  executor: Executor,
  paces: readonly (Pace | null)[],
  budget: Budget,
  trials: number,
): Channel | null {
  const references = referenceNumbers(paces)
  const isShared = budget.atLimit === 'abort' || Object.keys(references).length > 0
  return isShared ? executor.openChannel({ ...references, ...budgetNumbers(budget) }, trials) : null
}
