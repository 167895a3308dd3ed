import type { NetworkSpec } from '../networks/network-spec.js'
import { lengthProblem, type NetworkWeights, weightNames } from '../networks/weights.js'
import { FearNasError } from '../platform/errors.js'
import { NotPlainError, plainCopy } from '../platform/plain-copy.js'
import { fields, isRecord, must, recordOf, shownValue } from '../platform/value-checks.js'
import type { MeterReading } from '../training/cost-meter.js'
import { EvaluationFailure } from './evaluation-failure.js'
import type { Evaluation } from './evaluator.js'
import type { Outcome, ScoredOutcome } from './outcome.js'
import { costCheck, outcomeCheck } from './outcome-schema.js'

/** What was returned is not an evaluation. The message names who returned it, and the field. */
export class EvaluationError extends FearNasError {}

/** What an evaluation must fit, asked for where it is needed. */
export interface EvaluationTerms {
  /** Whether the evaluator trains in full: then the trained network and its validation accuracy are what is wanted. */
  trainsInFull(): boolean
  /** The network of the architecture; absent where it is not known. */
  network?(): NetworkSpec
}

/**
 * What an evaluator or an executor returned, with an outcome that is a copy in plain data and that the journal's reader
 * accepts.
 *
 * @param source what returned it, for messages: `The evaluator mine`
 * @throws EvaluationError if it is not an evaluation; EvaluationFailure around it, with the cost, if that much is valid.
 */
export function checkEvaluation(returned: unknown, source: string, terms: EvaluationTerms): Evaluation {
  const refuse = (wrong: string): EvaluationError =>
    new EvaluationError(`${source} returned no valid evaluation: ${wrong}. See docs/extending.md.`)
  if (!isRecord(returned)) throw refuse(`it must be an object with an outcome, got ${shownValue(returned)}`)
  if (typeof returned.then === 'function') {
    // Nobody else waits for it.
    Promise.resolve(returned).catch(() => {})
    throw refuse('it is a promise, and evaluate must be synchronous')
  }
  const { weights } = returned
  const outcome = plainOutcome(returned.outcome, refuse)
  const problem = outcomeProblem(outcome) ?? weightsProblem(weights, terms) ?? trainingProblem(outcome, weights, terms)
  if (problem === null) {
    return weights === undefined
      ? { outcome: outcome as Outcome }
      : { outcome: outcome as Outcome, weights: ownWeights(weights as NetworkWeights) }
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

function weightsProblem(weights: unknown, { network }: EvaluationTerms): string | null {
  if (weights === undefined) return null
  if (!isRecord(weights)) return `weights must be an object, got ${shownValue(weights)}`
  const wrong = weightNames.find((name) => !(weights[name] instanceof Float32Array))
  if (wrong !== undefined) return `weights.${wrong} must be a Float32Array`
  const problem = network === undefined ? null : lengthProblem(network(), weights as unknown as NetworkWeights)
  return problem === null ? null : `weights.${problem}`
}

/** Without weights another full training would take the place of this one. */
function trainingProblem(outcome: unknown, weights: unknown, { trainsInFull }: EvaluationTerms): string | null {
  const { kind, validationAccuracy } = outcome as Partial<ScoredOutcome>
  if (kind !== 'scored' || (weights !== undefined && validationAccuracy !== null) || !trainsInFull()) return null
  const missing = weights === undefined ? 'weights' : 'outcome.validationAccuracy'
  return `${missing} must be there, because the evaluator trains in full (traits.trainsInFull)`
}

/** Without other members, which might not be sent between threads. */
function ownWeights({ parameters, runningMean, runningVariance }: NetworkWeights): NetworkWeights {
  return { parameters, runningMean, runningVariance }
}

function readingOf({ cost, phases }: MeterReading): MeterReading {
  return { cost, phases }
}
