import { trainingFlops } from '../networks/flops.js'
import { ImageBatches } from '../training/batches.js'
import type { EpochSummary } from '../training/epoch.js'
import { measureAccuracy } from '../training/measure-accuracy.js'
import { learningRateAt } from '../training/schedule.js'
import { optimiserOf, trainNetwork } from '../training/train-network.js'
import type { Evaluation, EvaluationContext, EvaluationRequest, Evaluator, ShortTrainingOptions } from './evaluator.js'
import { interruptedOutcome, runTrial, type TrialRun } from './trial-run.js'

/**
 * The baseline of FEAR's authors, `shortreg` (archai/algos/natsbench/natsbench_regular_evaluater.py): trains the whole
 * network for a few epochs at a batch size of its own, the learning rate falling to 0 over these epochs by the cosine;
 * everything else is the recipe's. The score is the train accuracy of the best epoch, or of the last, or the validation
 * accuracy after the last. Phases: `train`, and `validate` where the score is the validation accuracy.
 */
export class ShortTrainingEvaluator implements Evaluator {
  readonly name = 'short-training'
  readonly #options: ShortTrainingOptions

  constructor(options: ShortTrainingOptions) {
    this.#options = options
  }

  evaluate(request: EvaluationRequest, context: EvaluationContext): Evaluation {
    return runTrial(request, context, 'train', (run) => this.#train(run))
  }

  #train(run: TrialRun): Evaluation {
    const { network, meter, spec, request, context } = run
    const { dataset, recipe, timeoutSeconds } = context
    const { epochs, batch, score, scoreEpoch } = this.#options
    const trained = trainNetwork({
      batches: new ImageBatches(dataset, dataset.train, batch, {
        dataSeed: request.dataSeed,
        augmentation: recipe.augmentation,
      }),
      epochs,
      optimiser: optimiserOf(recipe),
      learningRate: (epoch) => learningRateAt('cosine', recipe.learningRate, epoch, epochs),
      flopsPerImage: trainingFlops(spec),
      step: (images, options) => network.trainStep(images, options),
      meter,
      timeoutSeconds,
    })
    if (trained.kind !== 'finished') return { outcome: interruptedOutcome(trained, run) }
    const { trainAccuracy } = trained.history.at(-1) as EpochSummary

    if (score === 'train') {
      const best = Math.max(...trained.history.map((epoch) => epoch.trainAccuracy))
      return {
        outcome: {
          kind: 'scored',
          score: scoreEpoch === 'best' ? best : trainAccuracy,
          metric: 'train-accuracy',
          trainAccuracy,
          validationAccuracy: null,
          ...meter.read(),
        },
      }
    }
    meter.enter('validate')
    const images = new ImageBatches(dataset, dataset.validation, batch)
    const validation = measureAccuracy(network, images, meter, timeoutSeconds)
    if (validation.kind !== 'measured') return { outcome: interruptedOutcome(validation, run) }
    const { accuracy } = validation
    return {
      outcome: {
        kind: 'scored',
        score: accuracy,
        metric: 'validation-accuracy',
        trainAccuracy,
        validationAccuracy: accuracy,
        ...meter.read(),
      },
    }
  }
}
