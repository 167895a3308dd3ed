import type { TrainableNetwork } from '../engines/engine.js'
import type { NetworkSpec } from '../networks/network-spec.js'
import { initialWeights } from '../networks/weights.js'
import { createRng } from '../platform/rng.js'
import { CostMeter } from '../training/cost-meter.js'
import type { Interruption } from '../training/epoch.js'
import { EvaluationFailure } from './evaluation-failure.js'
import type { Evaluation, EvaluationContext, EvaluationRequest, Evaluator } from './evaluator.js'
import type { AbortedOutcome, DivergedOutcome, TimedOutOutcome } from './outcome.js'

/** A running evaluation: its new network, and the cost meter, started at the beginning of the evaluation. */
export interface TrialRun {
  readonly request: EvaluationRequest
  readonly context: EvaluationContext
  readonly spec: NetworkSpec
  /** Disposed by `runTrial` when `evaluate` returns or throws. */
  readonly network: TrainableNetwork
  readonly meter: CostMeter
}

/**
 * Builds the network of a request, evaluates it, and always disposes it.
 *
 * @param phase the first phase of the cost, which includes building the network.
 * @throws EvaluationFailure around any error, with the cost so far.
 */
export function runTrial(
  request: EvaluationRequest,
  context: EvaluationContext,
  phase: string,
  evaluate: (run: TrialRun) => Evaluation,
): Evaluation {
  const meter = new CostMeter(context.clock, phase, context.isOverBudget)
  try {
    const spec = context.network(request.architecture)
    const weights = initialWeights(spec, createRng(...request.trialSeed, 'weights'))
    const network = context.engine.create(spec, weights)
    try {
      return evaluate({ request, context, spec, network, meter })
    } finally {
      network.dispose()
    }
  } catch (error) {
    throw new EvaluationFailure(error, meter.read())
  }
}

/** An evaluator that trains the network of a trial, in the phase `train`. */
export function trainingEvaluator(name: string, train: (run: TrialRun) => Evaluation): Evaluator {
  return { name, evaluate: (request, context) => runTrial(request, context, 'train', train) }
}

/** The outcome of a trial that ended early in the meter's current phase. */
export function interruptedOutcome(
  interruption: Interruption,
  { meter, context }: TrialRun,
): DivergedOutcome | TimedOutOutcome | AbortedOutcome {
  switch (interruption.kind) {
    case 'diverged':
      return { kind: 'diverged', phase: meter.phase, epoch: interruption.epoch, ...meter.read() }
    case 'timed-out':
      return { kind: 'timed-out', limitSeconds: context.timeoutSeconds, ...meter.read() }
    case 'aborted':
      return { kind: 'aborted', phase: meter.phase, ...meter.read() }
  }
}
