import type { Evaluation } from '../evaluators/evaluator.js'
import type { EvaluationTask, TaskRejection, TestTask, WorkerSetup } from './executor.js'
import type { Refusal } from './refusal.js'
import type { SharedCost, TaskBudget } from './shared-budget.js'
import type { WorkerCode } from './worker-code.js'

/** What travels to a worker process. The first message is the setup; then one task at a time. */
export type ToProcess =
  | { readonly kind: 'setup'; readonly setup: WorkerSetup }
  | { readonly kind: 'evaluate'; readonly task: SentTask }
  | { readonly kind: 'test'; readonly task: TestTask }
  /** A lower reference than the running task knows of. */
  | { readonly kind: 'reference'; readonly cheapest: number }
  /** What all tasks have spent by now. */
  | { readonly kind: 'budget'; readonly values: readonly number[] }

/** What comes back: `ready` for the setup, `answer` for a task; `failed`, or `refusal` where the input is at fault. */
export type FromProcess =
  | { readonly kind: 'ready'; readonly code: WorkerCode }
  | { readonly kind: 'answer'; readonly answer: Evaluation | number }
  | { readonly kind: 'failed'; readonly message: string }
  | Refusal
  /** The running task has offered a lower reference. */
  | { readonly kind: 'reference'; readonly cheapest: number }
  /** The process was suspended for so long: stopped by a signal, or with the machine. */
  | { readonly kind: 'suspended'; readonly seconds: number }
  /** What the running task has spent so far. It is answered with what all have. */
  | { readonly kind: 'spent'; readonly spent: SharedCost }

/**
 * Processes share no memory, so of a shared reference the newest value travels, and every lower one afterwards; and of a
 * shared budget all its numbers.
 */
export interface SentTask extends Omit<EvaluationTask, 'rejection' | 'budget'> {
  readonly rejection: { readonly kind: TaskRejection['kind']; readonly cheapest: number }
  readonly budget?: (Omit<TaskBudget, 'buffer'> & { readonly values: readonly number[] }) | undefined
}
