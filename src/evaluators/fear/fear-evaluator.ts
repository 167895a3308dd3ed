import { ConfigError } from '../../platform/errors.js'
import { FeatureBuffer } from '../../training/feature-batches.js'
import type { Evaluation, EvaluationContext, EvaluationRequest, Evaluator } from '../evaluator.js'
import { scoreTraining } from '../score-training.js'
import { interruptedOutcome, runTrial, type TrialRun } from '../trial-run.js'
import { checkFearOptions } from './check-options.js'
import type { FearOptions } from './options.js'
import { runStage1 } from './stage1.js'
import { runStage2 } from './stage2.js'

/**
 * FEAR (arXiv 2106.04010): trains a network until its train accuracy reaches a threshold, then freezes all but its last
 * part and trains that briefly; the score is the accuracy on the training images then. Phases: `stage1`, `features`
 * (with cached features), `stage2`, `validate` (where the score is the validation accuracy).
 */
export class FearEvaluator implements Evaluator {
  readonly name = 'fear'
  readonly #options: FearOptions
  readonly #featureBuffer = new FeatureBuffer()

  constructor(options: FearOptions) {
    this.#options = options
  }

  /** @throws EvaluationFailure around a ConfigError if the options do not fit the recipe or the network. */
  evaluate(request: EvaluationRequest, context: EvaluationContext): Evaluation {
    return runTrial(request, context, 'stage1', (run) => this.#evaluate(run))
  }

  #evaluate(run: TrialRun): Evaluation {
    const { meter, context } = run
    const options = this.#options
    requireSoundOptions(options, run)

    const stage1 = runStage1(run, options)
    switch (stage1.kind) {
      case 'rejected':
        return { outcome: { ...stage1, unit: options.cost, ...meter.read() } }
      case 'below-threshold':
        return { outcome: { ...stage1, ...meter.read() } }
      case 'diverged':
      case 'timed-out':
      case 'aborted':
        return { outcome: interruptedOutcome(stage1, run) }
    }
    const reachedAt = meter.phaseCost()
    context.rejection.offer(reachedAt)

    const stage2 = runStage2(run, options, this.#featureBuffer)
    if (stage2.kind !== 'finished') return { outcome: interruptedOutcome(stage2, run) }
    const { score, stage2: settings } = options
    const outcome = scoreTraining(run, stage2, {
      score,
      scoreEpoch: settings.scoreEpoch,
      batch: options.stage1.batch,
    })
    if (outcome.kind !== 'scored') return { outcome }
    const { trainAccuracy } = stage1
    return { outcome: { ...outcome, stage1: { epochs: reachedAt.epochs, trainAccuracy } } }
  }
}

function requireSoundOptions(options: FearOptions, { spec, context }: TrialRun): void {
  const cutNames = spec.cuts.map((cut) => cut.name)
  const [problem] = checkFearOptions(options, context.recipe, cutNames, context.dataset.train.count)
  if (problem !== undefined) throw new ConfigError(`FEAR's ${problem.path.join('.')} ${problem.message}.`)
}
