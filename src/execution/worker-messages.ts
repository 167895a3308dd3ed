import type { Evaluation } from '../evaluators/evaluator.js'
import type { ChannelRow } from './channel/channel-row.js'
import type { EvaluationTask, TestTask } from './executor.js'

/** A task on its way to a worker, with whatever carries its channel there. */
export type TaskMessage<TaskChannel> =
  | { readonly kind: 'evaluate'; readonly task: EvaluationTask; readonly channel: TaskChannel | null }
  | { readonly kind: 'test'; readonly task: TestTask }

/** As an executor hands it to its pool of workers, which sends it in its own way. */
export type PooledTask = TaskMessage<ChannelRow>

/** What comes back for each kind of task. */
export interface TaskAnswers {
  readonly evaluate: Evaluation
  readonly test: number
}
