import type { Evaluation } from '../evaluators/evaluator.js'
import { noCost } from '../evaluators/outcome.js'
import { FearNasError } from '../platform/errors.js'

/** A worker died, ran out of memory or did not answer in time while it ran a task. `cause` is the error it reported. */
export class WorkerLostError extends FearNasError {}

/**
 * A lost worker cannot be replaced. This is not the fault of the trial that waits for a worker, so the run ends; it can be
 * resumed.
 */
export class WorkerStartError extends FearNasError {}

/** The outcome of a trial whose worker was lost. Its seconds until then count, as phase `lost`. */
export function lostEvaluation({ message, cause }: WorkerLostError, computeSeconds: number): Evaluation {
  const cost = { ...noCost, computeSeconds }
  // The stack is the worker's, where its error has one.
  const stack = cause instanceof Error ? cause.stack : undefined
  return {
    outcome: {
      kind: 'failed',
      message,
      ...(stack === undefined ? {} : { stack }),
      workerLost: true,
      cost,
      phases: { lost: cost },
    },
  }
}
