import type { Pace } from '../evaluators/traits.js'
import type { Channel } from '../execution/channel/channel.js'
import type { Executor } from '../execution/executor.js'
import type { Budget } from './budget.js'
import { budgetNumbers } from './budget-watch.js'
import { referenceNumbers } from './rejection-policy.js'

/**
 * What the running trials of a search share: the cheapest phase that sets the pace, where trials are rejected by measured seconds, and what all
 * of them have cost, where they are aborted at the budget's limit. Null where there is neither.
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
