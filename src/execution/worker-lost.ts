import type { Evaluation } from '../evaluators/evaluator.js'
import { noCost } from '../evaluators/outcome.js'
import { FearNasError } from '../platform/errors.js'

/** A worker died, ran out of memory or was given up as silent while it ran a task. `cause` is what was heard of it. */
export class WorkerLostError extends FearNasError {}

/**
 * No worker can be had in the place of one that was lost. Not the doing of the trial that waits for it: the run ends, and
 * can be resumed.
 */
export class WorkerStartError extends FearNasError {}

/** The outcome of a trial whose worker was lost after so many seconds. They count, as phase `lost`. */
export function lostEvaluation({ message, cause }: WorkerLostError, computeSeconds: number): Evaluation {
  const cost = { ...noCost, computeSeconds }
  // Where the worker's own last words have a stack, it is theirs.
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
