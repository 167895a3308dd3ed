import { it } from 'vitest'
import type { EvaluationTask, Executor, WorkerSetup } from '../../execution/executor.js'

export type ExecutorLaw =
  | 'gives what the evaluators give, weights included'
  | 'gives the same in whatever order tasks are submitted'
  | 'measures the seconds that a worker was busy'
  | 'measures test accuracy, and leaves the weights as they are'
  | 'makes a failing task a failed outcome of that task alone'
  | 'rejects a test that fails, and goes on'
  | 'rejects a task whose configuration is at fault, and goes on'
  | 'does not start on images that no network of the space takes'
  | 'runs as many tasks at a time as it has workers, and no more'
  | 'loses one task with its worker, and no worker'
  | 'finishes what was submitted before it closes, and takes nothing after'
  | 'compares a trial with a fixed reference'
  | 'compares a trial with a shared reference, which it lowers'
  | 'tells running trials of a reference that another one has lowered'
  | 'ends a trial at the step that exceeds a limit, and charges what there was'
  | 'ends all trials that share a limit when together they exceed it'
  | 'ends a trial when its wall-clock seconds are over'
  | 'lets a trial finish that fits in exactly'
  | 'ends a trial that was aborted before it began, at its first step'
  | 'ends a running trial that the driver aborts'

export interface ExecutorConformanceOptions {
  /** The engine that the executor's workers use; `auto`, the fastest there is, unless told. */
  readonly engine?: WorkerSetup['engine'] | 'auto'
  /** Turns an architecture into one whose evaluation ends its worker. Absent where no worker can be lost. */
  readonly deadly?: ((architecture: string) => string) | undefined
  /** Laws that this executor is excused from, each with its reason. */
  readonly skip?: readonly { readonly law: ExecutorLaw; readonly reason: string }[]
}

/** What the laws look at. */
export interface TestedExecutor {
  readonly setup: WorkerSetup
  readonly executor: Executor
}

/** Declares a law, unless the executor is excused from it. */
export type DeclareLaw = (title: ExecutorLaw, body: () => Promise<void>) => void

export function lawsOf(name: string, { skip = [] }: ExecutorConformanceOptions): DeclareLaw {
  return (title, body) => {
    const excuse = skip.find(({ law }) => law === title)
    if (excuse !== undefined) process.stdout.write(`skipped: ${name}: ${title}: ${excuse.reason}\n`)
    it.skipIf(excuse !== undefined)(title, body)
  }
}

/** The task as it is after a journey as JSON: nothing of it may be lost on the way. */
export function sent(task: EvaluationTask): EvaluationTask {
  return JSON.parse(JSON.stringify(task)) as EvaluationTask
}
