import type { Evaluation, RejectionReference } from '../evaluators/evaluator.js'
import { failedEvaluation, secondsOnly } from '../evaluators/failed-evaluation.js'
import type { ManualClock } from '../platform/clock.js'
import { Channels } from './channel/channels.js'
import { closedError } from './closed-error.js'
import type { EvaluationTask, Executor, TestTask } from './executor.js'
import { rejectionReference } from './task-limits.js'

export interface SimulatedExecutorOptions {
  readonly workers: number
  /** Advanced as tasks finish. */
  readonly clock: ManualClock
  /** The outcome of a task: from a table, a formula, or an earlier run. Thrown errors become `failed` outcomes. */
  evaluate(task: EvaluationTask, rejection: RejectionReference): Evaluation
  /** Test accuracy in 0..1. Takes no simulated time. */
  test(task: TestTask): number
}

interface SimulatedRun {
  readonly finishSeconds: number
  readonly order: number
  finish(): void
}

/**
 * Replays evaluations whose outcomes are known in simulated time: every task keeps a simulated worker busy for its
 * outcome's `computeSeconds`, and tasks finish in the order in which real workers would finish them. A week's search
 * takes a second and reports the wall-clock time it would have taken.
 */
export function createSimulatedExecutor(options: SimulatedExecutorOptions): Executor {
  const { clock, workers } = options
  const channels = new Channels()
  const running: SimulatedRun[] = []
  const waiting: (() => void)[] = []
  let started = 0
  let scheduled = false
  let closed = false

  // One completion per turn of the event loop, so that the driver can submit more before time moves on.
  const schedule = (): void => {
    if (scheduled || running.length === 0) return
    scheduled = true
    setImmediate(() => {
      scheduled = false
      finishEarliest()
      schedule()
    })
  }

  const finishEarliest = (): void => {
    const next = running.reduce((a, b) => (isBefore(a, b) ? a : b))
    running.splice(running.indexOf(next), 1)
    clock.advance(Math.max(0, next.finishSeconds - clock.now()))
    next.finish()
    waiting.shift()?.()
  }

  const start = (task: EvaluationTask, resolve: (evaluation: Evaluation) => void): void => {
    const evaluation = evaluateTask(options, task, channels)
    const finishSeconds = clock.now() + evaluation.outcome.cost.computeSeconds
    running.push({ finishSeconds, order: started++, finish: () => resolve(evaluation) })
    schedule()
  }

  return {
    workers,
    evaluate: (task) =>
      new Promise((resolve, reject) => {
        if (closed) reject(closedError())
        else if (running.length < workers) start(task, resolve)
        else waiting.push(() => start(task, resolve))
      }),
    test: async (task) => options.test(task),
    openChannel: (numbers, tasks) => channels.open(numbers, tasks),
    async close() {
      closed = true
      while (running.length > 0) await new Promise((resolve) => setImmediate(resolve))
    },
  }
}

function isBefore(a: SimulatedRun, b: SimulatedRun): boolean {
  return a.finishSeconds < b.finishSeconds || (a.finishSeconds === b.finishSeconds && a.order < b.order)
}

function evaluateTask(options: SimulatedExecutorOptions, task: EvaluationTask, channels: Channels): Evaluation {
  try {
    return options.evaluate(task, rejectionReference(task.rejection, channels.rowOf(task)))
  } catch (error) {
    return failedEvaluation(error, secondsOnly(0))
  }
}
