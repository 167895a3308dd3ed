import { trainingFlops } from '../networks/flops.js'
import { ImageBatches } from '../training/batches.js'
import type { EpochSummary, Interruption, TrainedStep } from '../training/epoch.js'
import type { TrainingRecipe } from '../training/recipe.js'
import { learningRateAt } from '../training/schedule.js'
import { type FinishedTraining, optimiserOf, trainNetwork } from '../training/train-network.js'
import type { TrialRun } from './trial-run.js'

/** What an evaluator decides about training the whole network; everything else is the recipe's. */
export interface WholeTraining extends Pick<TrainingRecipe, 'batch' | 'epochs' | 'learningRate' | 'schedule'> {
  /** Whether every epoch sees the images in the order of the first. */
  readonly sameOrder?: boolean
  /** Asked after every epoch; true ends the training there. */
  readonly stop?: (epoch: EpochSummary) => boolean
  /** Asked after every step, likewise. */
  readonly stopAfterStep?: (step: TrainedStep) => boolean
}

/** Trains the whole network of a trial on the training images, in the meter's current phase. */
export function trainWhole(
  { network, meter, spec, request, context }: TrialRun,
  { batch, epochs, learningRate, schedule, sameOrder, stop = () => false, stopAfterStep }: WholeTraining,
): FinishedTraining | Interruption {
  const { dataset, recipe, timeoutSeconds } = context
  return trainNetwork({
    batches: new ImageBatches(dataset, dataset.train, batch, {
      dataSeed: request.dataSeed,
      augmentation: recipe.augmentation,
      sameOrder,
    }),
    epochs,
    optimiser: optimiserOf(recipe),
    learningRate: (epoch) => learningRateAt(schedule, learningRate, epoch, epochs),
    flopsPerImage: trainingFlops(spec),
    step: (images, options) => network.trainStep(images, options),
    meter,
    timeoutSeconds,
    stop,
    stopAfterStep,
  })
}
