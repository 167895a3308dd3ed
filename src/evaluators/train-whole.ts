import { trainingFlops } from '../networks/flops.js'
import { ImageBatches } from '../training/batches.js'
import type { EpochSummary, Interruption, TrainedStep } from '../training/epoch.js'
import type { TrainingRecipe } from '../training/recipe.js'
import { learningRateAt } from '../training/schedule.js'
import { type FinishedTraining, optimiserOf, trainNetwork } from '../training/train-network.js'
import type { TrialRun } from './trial-run.js'

/** The settings of an evaluator for training the whole network; everything else comes from the recipe. */
export interface WholeTraining extends Pick<TrainingRecipe, 'batch' | 'epochs' | 'learningRate' | 'schedule'> {
  /** Whether every epoch uses the image order of the first. */
  readonly sameOrder?: boolean
  /** The first epoch, if earlier ones are done; default 0. */
  readonly from?: number
  /** Called after every epoch; true ends the training there. */
  readonly stop?: (epoch: EpochSummary) => boolean
  /** Called after every step; true ends the training there. */
  readonly stopAfterStep?: (step: TrainedStep) => boolean
}

/** Trains the whole network of a trial on the training images, in the meter's current phase. */
export function trainWhole(
  { network, meter, spec, request, context }: TrialRun,
  { batch, epochs, learningRate, schedule, sameOrder, from, stop = () => false, stopAfterStep }: WholeTraining,
): FinishedTraining | Interruption {
  const { dataset, recipe, timeoutSeconds } = context
  return trainNetwork({
    batches: new ImageBatches(dataset, dataset.train, batch, {
      dataSeed: request.dataSeed,
      augmentation: recipe.augmentation,
      sameOrder,
    }),
    epochs,
    from,
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
