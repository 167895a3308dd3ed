import { isInputError } from '../platform/errors.js'
import { EvaluationFailure } from './evaluation-failure.js'
import type { Evaluation, EvaluationContext, EvaluationRequest, Evaluator } from './evaluator.js'
import { failedEvaluation, secondsOnly } from './failed-evaluation.js'

/**
 * Evaluates, and turns anything thrown into a `failed` outcome with its message, its stack and the cost so far: by
 * phase where the evaluator told it, else the seconds that passed, as phase `unknown`.
 *
 * @throws ConfigError or DataError if the input is at fault: every other trial would meet the same error.
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
    if (isInputError(thrown)) throw thrown
    const spent = error instanceof EvaluationFailure ? error.spent : secondsOnly(context.clock.now() - startedAt)
    return failedEvaluation(thrown, spent)
  }
}
