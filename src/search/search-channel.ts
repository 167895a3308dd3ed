import type { EvaluatorOptions } from '../evaluators/registry.js'
import type { Channel } from '../execution/channel/channel.js'
import type { Executor } from '../execution/executor.js'
import type { Budget } from './budget.js'
import { budgetNumbers } from './budget-watch.js'
import { referenceNumbers } from './rejection-policy.js'

/**
 * What the running trials of a search share: the cheapest stage 1, where it is rejected by measured seconds, and what all
 * of them have cost, where they are aborted at the budget's limit. Null where there is neither.
 *
 * @param trials how many trials run at most at a time
 */
export function openSearchChannel(
  executor: Executor,
  evaluators: readonly EvaluatorOptions[],
  budget: Budget,
  trials: number,
): Channel | null {
  const references = referenceNumbers(evaluators)
  const isShared = budget.atLimit === 'abort' || Object.keys(references).length > 0
  return isShared ? executor.openChannel({ ...references, ...budgetNumbers(budget) }, trials) : null
}
