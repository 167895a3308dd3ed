import type { SentTask } from './process-messages.js'
import { SharedBudget, type SharedCost, type TaskBudget } from './shared-budget.js'

/** How often a worker process tells what its task has spent: an abort comes that much later than in a thread. */
const intervalSeconds = 0.1

/** A worker process's copy of the budget that its task shares with those of other processes. */
export interface BudgetCopy {
  readonly budget: TaskBudget
  /** Takes over what all tasks have spent. */
  update(values: readonly number[]): void
  close(): void
}

/** @param tell told from time to time what the task has spent, until `close`; it is expected to lead to an `update`. */
export function copyBudget(
  { row, wallSeconds, values }: NonNullable<SentTask['budget']>,
  tell: (spent: SharedCost) => void,
): BudgetCopy {
  const shared = SharedBudget.copy(values)
  const timer = setInterval(() => tell(shared.running(row)), 1000 * intervalSeconds)
  return {
    budget: { buffer: shared.buffer, row, wallSeconds },
    update: (news) => shared.setValues(news, row),
    close: () => clearInterval(timer),
  }
}
