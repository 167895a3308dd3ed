import type { Evaluation } from '../evaluators/evaluator.js'
import { awakeClock } from '../platform/awake-clock.js'
import type { Clock } from '../platform/clock.js'
import { Channels } from './channel/channels.js'
import { closedError } from './closed-error.js'
import type { Executor, WorkerSetup } from './executor.js'
import { createWorkerRuntime, type EngineDescription } from './worker-runtime.js'

/** An executor whose workers have loaded their engine. */
export interface ReadyExecutor extends Executor {
  readonly engine: EngineDescription
}

/**
 * Runs tasks in this thread, one at a time: for debugging, profiling and engines that need the main thread. The event
 * loop is blocked while a task runs.
 *
 * @throws EngineError if the engine does not load here; ConfigError if there is no such search space.
 */
export async function createInProcessExecutor(setup: WorkerSetup, clock: Clock = awakeClock()): Promise<ReadyExecutor> {
  await awakeClock().ready
  const runtime = await createWorkerRuntime(setup, clock)
  const channels = new Channels()
  let last: Promise<unknown> = Promise.resolve()
  let isClosed = false

  const enqueue = <T>(run: () => T): Promise<T> => {
    if (isClosed) return Promise.reject(closedError())
    const result = last.then(nextTurn).then(run)
    last = result.catch(() => {})
    return result
  }
  return {
    workers: 1,
    engine: runtime.engine,
    evaluate: (task) => enqueue((): Evaluation => runtime.evaluate(task, channels.rowOf(task))),
    test: (task) => enqueue(() => runtime.test(task)),
    openChannel: (numbers, tasks) => channels.open(numbers, tasks),
    async close() {
      isClosed = true
      await last
    },
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
