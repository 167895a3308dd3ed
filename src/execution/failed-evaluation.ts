import type { Evaluation } from '../evaluators/evaluator.js'
import { type Cost, noCost } from '../evaluators/outcome.js'

/**
 * What becomes of a trial that took its evaluator or its worker down. The seconds it was busy are all that is known of
 * its cost, and they count.
 */
export function failedEvaluation(error: unknown, computeSeconds: number): Evaluation {
  const cost: Cost = { ...noCost, computeSeconds }
  const { message, stack } = error instanceof Error ? error : new Error(String(error))
  return {
    outcome: {
      kind: 'failed',
      cost,
      phases: { unknown: cost },
      message,
      ...(stack === undefined ? {} : { stack }),
    },
  }
}
