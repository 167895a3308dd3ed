import { trainingFlops } from '../networks/flops.js'
import { ImageBatches } from '../training/batches.js'
import type { EpochSummary } from '../training/epoch.js'
import { measureAccuracy } from '../training/measure-accuracy.js'
import { learningRateAt } from '../training/schedule.js'
import { optimiserOf, trainNetwork } from '../training/train-network.js'
import type { Evaluation, Evaluator } from './evaluator.js'
import { interruptedOutcome, runTrial, type TrialRun } from './trial-run.js'

/**
 * Trains the whole network by the recipe; the score is its validation accuracy, whose measuring is part of the cost.
 * Hands over the trained weights. Phases: `train`, `validate`.
 */
export const fullTraining: Evaluator = {
  name: 'full-training',
  evaluate: (request, context) => runTrial(request, context, 'train', trainInFull),
}

function trainInFull(run: TrialRun): Evaluation {
  const { network, meter, spec, request, context } = run
  const { dataset, recipe, timeoutSeconds } = context
  const trained = trainNetwork({
    batches: new ImageBatches(dataset, dataset.train, recipe.batch, {
      dataSeed: request.dataSeed,
      augmentation: recipe.augmentation,
    }),
    epochs: recipe.epochs,
    optimiser: optimiserOf(recipe),
    learningRate: (epoch) => learningRateAt(recipe.schedule, recipe.learningRate, epoch, recipe.epochs),
    flopsPerImage: trainingFlops(spec),
    step: (batch, options) => network.trainStep(batch, options),
    meter,
    timeoutSeconds,
  })
  if (trained.kind !== 'finished') return { outcome: interruptedOutcome(trained, run) }

  meter.enter('validate')
  const validation = measureAccuracy(
    network,
    new ImageBatches(dataset, dataset.validation, recipe.batch),
    meter,
    timeoutSeconds,
  )
  if (validation.kind !== 'measured') return { outcome: interruptedOutcome(validation, run) }
  return {
    outcome: {
      kind: 'scored',
      score: validation.accuracy,
      metric: 'validation-accuracy',
      trainAccuracy: (trained.history.at(-1) as EpochSummary).trainAccuracy,
      validationAccuracy: validation.accuracy,
      ...meter.read(),
    },
    weights: network.weights(),
  }
}
