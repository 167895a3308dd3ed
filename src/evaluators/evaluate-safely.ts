import type { MeterReading } from '../training/cost-meter.js'
import { EvaluationFailure } from './evaluation-failure.js'
import type { Evaluation, EvaluationContext, EvaluationRequest, Evaluator } from './evaluator.js'
import { noCost } from './outcome.js'

/**
 * Evaluates, and turns anything thrown into a `failed` outcome with its message, its stack and the cost so far: by
 * phase where the evaluator told it, else the seconds that passed, as phase `unknown`.
 */
export function evaluateSafely(
  evaluator: Evaluator,
  request: EvaluationRequest,
  context: EvaluationContext,
): Evaluation {
  const startedAt = context.clock.now()
  try {
    return evaluator.evaluate(request, context)
  } catch (error) {
    const thrown = error instanceof EvaluationFailure ? error.cause : error
    const spent = error instanceof EvaluationFailure ? error.spent : secondsOnly(context.clock.now() - startedAt)
    const stack = thrown instanceof Error ? thrown.stack : undefined
    return {
      outcome: {
        kind: 'failed',
        message: thrown instanceof Error ? thrown.message : String(thrown),
        ...(stack === undefined ? {} : { stack }),
        ...spent,
      },
    }
  }
}

function secondsOnly(computeSeconds: number): MeterReading {
  const cost = { ...noCost, computeSeconds }
  return { cost, phases: { unknown: cost } }
}
