import { initialWeights } from '../../networks/weights.js'
import { createRng } from '../../platform/rng.js'
import { interruptionOf } from '../../training/epoch.js'
import type { Evaluation, EvaluationContext, EvaluationRequest, Evaluator } from '../evaluator.js'
import { interruptedOutcome, runTrial, type TrialRun } from '../trial-run.js'
import { firstBatch } from './first-batch.js'
import { type Measure, measureFlops } from './measure.js'
import { findMeasure } from './registry.js'
import type { ZeroCostOptions } from './settings.js'

/**
 * Scores an untrained network by a zero-cost measure of one batch. Phase: `measure`. A measure that is not a finite
 * number counts as divergence: the trial has no score and ranks last. (zero-cost-nas uses 0, which would be the best of
 * all jacob_cov scores.)
 */
export class ZeroCostEvaluator implements Evaluator {
  readonly name = 'zero-cost'
  readonly #options: ZeroCostOptions
  readonly #measure: Measure

  /** @throws ConfigError if there is no such measure. */
  constructor(options: ZeroCostOptions) {
    this.#options = options
    this.#measure = findMeasure(options.measure)
  }

  evaluate(request: EvaluationRequest, context: EvaluationContext): Evaluation {
    return runTrial(request, context, 'measure', (run) => this.#score(run))
  }

  #score(run: TrialRun): Evaluation {
    const { network, meter, spec, request, context } = run
    const { dataset, recipe, timeoutSeconds } = context
    const batch = firstBatch(dataset, this.#options.batch, request.dataSeed, recipe.augmentation)
    const weights = initialWeights(spec, createRng(...request.trialSeed, 'weights'))
    const score = this.#measure.measure({ network, weights, batch })
    meter.addFlops(measureFlops(this.#measure, spec, batch.count))
    if (!Number.isFinite(score)) return { outcome: interruptedOutcome({ kind: 'diverged', epoch: 0 }, run) }
    const interruption = interruptionOf(meter, timeoutSeconds)
    if (interruption !== null) return { outcome: interruptedOutcome(interruption, run) }
    return {
      outcome: {
        kind: 'scored',
        score,
        metric: 'zero-cost',
        trainAccuracy: null,
        validationAccuracy: null,
        ...meter.read(),
      },
    }
  }
}
