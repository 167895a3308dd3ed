import { checkEvaluation } from '../evaluators/check-evaluation.js'
import type { Evaluation } from '../evaluators/evaluator.js'
import { traitsOf } from '../evaluators/registry.js'
import { awakeClock } from '../platform/awake-clock.js'
import type { Clock } from '../platform/clock.js'
import { FearNasError, isInputError } from '../platform/errors.js'
import { messageOf } from '../platform/message-of.js'
import type { EvaluationTask, Executor } from './executor.js'
import type { ReadyExecutor } from './in-process.js'
import { lostEvaluation, WorkerLostError, WorkerStartError } from './worker-lost.js'

/**
 * An executor from outside the package, held to the contract of `Executor`: if it throws for a task or its answer is
 * invalid, the worker counts as lost, so that the task can be tried once more. Errors that end the run stay as they are.
 *
 * @param engine that its workers are taken to use, since it does not tell
 */
export function guardedExecutor(
  executor: Executor,
  engine: ReadyExecutor['engine'],
  clock: Clock = awakeClock(),
): ReadyExecutor {
  return {
    engine,
    workers: executor.workers,
    async evaluate(task) {
      const startedSeconds = clock.now()
      try {
        return evaluationOf(await executor.evaluate(task), task)
      } catch (error) {
        return lostEvaluation(lost(error, 'evaluate'), clock.now() - startedSeconds)
      }
    },
    async test(task) {
      try {
        const accuracy: unknown = await executor.test(task)
        if (typeof accuracy === 'number' && accuracy >= 0 && accuracy <= 1) return accuracy
        throw new WorkerLostError(
          `The executor gave ${String(accuracy)} as a test accuracy; it must be a number in 0..1.`,
        )
      } catch (error) {
        throw lost(error, 'test')
      }
    },
    openChannel(numbers, tasks) {
      try {
        return executor.openChannel(numbers, tasks)
      } catch (error) {
        throw failed(error, 'openChannel')
      }
    },
    async close() {
      try {
        await executor.close()
      } catch (error) {
        throw failed(error, 'close')
      }
    },
  }
}

/** @throws `error` itself if it is to end the run. */
function lost(error: unknown, name: 'evaluate' | 'test'): WorkerLostError {
  if (error instanceof WorkerLostError) return error
  if (isInputError(error) || error instanceof WorkerStartError) throw error
  return new WorkerLostError(`The executor's ${name} threw: ${messageOf(error)}`, { cause: error })
}

function failed(error: unknown, name: 'close' | 'openChannel'): FearNasError {
  if (error instanceof FearNasError) return error
  return new FearNasError(`The executor's ${name} threw: ${messageOf(error)}. Correct the executor.`, { cause: error })
}

/** @throws WorkerLostError if `answer` is no valid evaluation. */
function evaluationOf(answer: unknown, { evaluator }: EvaluationTask): Evaluation {
  try {
    return checkEvaluation(answer, 'The executor', { trainsInFull: () => traitsOf(evaluator).trainsInFull })
  } catch (error) {
    throw new WorkerLostError(messageOf(error))
  }
}
