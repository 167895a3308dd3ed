import { isInputError } from '../platform/errors.js'
import { checkEvaluation, isReading } from './check-evaluation.js'
import { EvaluationFailure } from './evaluation-failure.js'
import type { Evaluation, EvaluationContext, EvaluationRequest, Evaluator } from './evaluator.js'
import { failedEvaluation, secondsOnly } from './failed-evaluation.js'

/**
 * Evaluates, and turns any error into a `failed` outcome with message, stack and cost so far: by phase if the evaluator
 * reported it, otherwise the elapsed seconds as phase `unknown`. What the evaluator returns is checked: code from outside
 * the package may return anything.
 *
 * @throws ConfigError or DataError if the input is wrong: every other trial would fail in the same way.
 */
export function evaluateSafely(
  evaluator: Evaluator,
  request: EvaluationRequest,
  context: EvaluationContext,
): Evaluation {
  const startedAt = context.clock.now()
  try {
    return checkEvaluation(evaluator.evaluate(request, context), `The evaluator ${evaluator.name}`, {
      trainsInFull: () => evaluator.traits?.trainsInFull === true,
      network: () => context.network(request.architecture),
    })
  } catch (error) {
    const thrown = error instanceof EvaluationFailure ? error.cause : error
    if (isInputError(thrown)) throw thrown
    const isKnown = error instanceof EvaluationFailure && isReading(error.spent)
    const spent = isKnown ? error.spent : secondsOnly(context.clock.now() - startedAt)
    return failedEvaluation(thrown, spent)
  }
}
