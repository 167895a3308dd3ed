import type { NetworkWeights } from '../networks/weights.js'
import { FearNasError } from '../platform/errors.js'
import { NotPlainError, plainCopy } from '../platform/plain-copy.js'
import { fields, isRecord, must, recordOf, shownValue } from '../platform/value-checks.js'
import type { MeterReading } from '../training/cost-meter.js'
import { EvaluationFailure } from './evaluation-failure.js'
import type { Evaluation } from './evaluator.js'
import type { Outcome } from './outcome.js'
import { costCheck, outcomeCheck } from './outcome-schema.js'

/** What an evaluator returned is no evaluation; the message names the evaluator and the field. */
export class EvaluationError extends FearNasError {}

/**
 * What an evaluator returned, with an outcome that is a copy in plain data and that the journal's reader accepts.
 *
 * @throws EvaluationError if it is no evaluation; EvaluationFailure around it, with the cost, if that much is valid.
 */
export function checkEvaluation(returned: unknown, evaluator: string): Evaluation {
  const refuse = (wrong: string): EvaluationError =>
    new EvaluationError(`The evaluator ${evaluator} returned no valid evaluation: ${wrong}. See docs/extending.md.`)
  if (!isRecord(returned)) throw refuse(`it must be an object with an outcome, got ${shownValue(returned)}`)
  if (typeof returned.then === 'function') {
    // Nobody else waits for it.
    Promise.resolve(returned).catch(() => {})
    throw refuse('it is a promise, and evaluate must be synchronous')
  }
  const { weights } = returned
  const outcome = plainOutcome(returned.outcome, refuse)
  const problem = outcomeProblem(outcome) ?? weightsProblem(weights)
  if (problem === null) {
    return {
      outcome: outcome as Outcome,
      ...(weights !== undefined && { weights: ownWeights(weights as NetworkWeights) }),
      // Only the training of this package has one.
      ...(returned.trainedEpochs !== undefined && {
        trainedEpochs: plainCopy(returned.trainedEpochs, 'trainedEpochs') as Evaluation['trainedEpochs'] & {},
      }),
    }
  }
  throw isReading(outcome) ? new EvaluationFailure(refuse(problem), readingOf(outcome)) : refuse(problem)
}

/** Whether cost and phases are valid. */
export function isReading(value: unknown): value is MeterReading {
  return reading(value) === null
}

const reading = fields({ cost: costCheck, phases: recordOf(costCheck) })
const finite = must(Number.isFinite, 'a finite number')

function plainOutcome(outcome: unknown, refuse: (wrong: string) => EvaluationError): unknown {
  try {
    return plainCopy(outcome, 'outcome')
  } catch (error) {
    throw error instanceof NotPlainError ? refuse(error.message) : error
  }
}

function outcomeProblem(outcome: unknown): string | null {
  const problem = outcomeCheck(outcome)
  if (problem !== null) return `outcome${problem}`
  const { kind, score } = outcome as Readonly<Record<'kind' | 'score', unknown>>
  // A journal has null for the infinite scores of older versions.
  const wrong = kind === 'scored' ? finite(score) : null
  return wrong === null ? null : `outcome.score${wrong}`
}

const weightNames = ['parameters', 'runningMean', 'runningVariance'] as const

function weightsProblem(weights: unknown): string | null {
  if (weights === undefined) return null
  if (!isRecord(weights)) return `weights must be an object, got ${shownValue(weights)}`
  const wrong = weightNames.find((name) => !(weights[name] instanceof Float32Array))
  return wrong === undefined ? null : `weights.${wrong} must be a Float32Array`
}

/** Without other members, which might not be sent between threads. */
function ownWeights({ parameters, runningMean, runningVariance }: NetworkWeights): NetworkWeights {
  return { parameters, runningMean, runningVariance }
}

function readingOf({ cost, phases }: MeterReading): MeterReading {
  return { cost, phases }
}
