import { type EpochJob, type EpochSummary, type Interruption, type OptimiserOptions, trainEpoch } from './epoch.js'
import type { TrainingRecipe } from './recipe.js'

/** The optimiser's part of a recipe. */
export function optimiserOf(recipe: TrainingRecipe): OptimiserOptions {
  const { momentum, nesterov, weightDecay, clipNorm } = recipe
  return { momentum, nesterov, weightDecay, clipNorm }
}

/** Some epochs of training. */
export interface TrainingJob<B extends { readonly count: number }> extends EpochJob<B> {
  readonly epochs: number
  /** The first epoch, if earlier ones are done; default 0. */
  readonly from?: number | undefined
  /** Called after every epoch, including the last; true ends the training there. */
  stop?(epoch: EpochSummary): boolean
}

/** Completed training: a summary of each epoch, except one that `stopAfterStep` ended. */
export interface FinishedTraining {
  readonly kind: 'finished'
  readonly history: readonly EpochSummary[]
}

/**
 * Trains until the epochs are done, `stop` or `stopAfterStep` returns true, the loss is NaN or infinite, or the time
 * limit is reached.
 */
export function trainNetwork<B extends { readonly count: number }>(
  job: TrainingJob<B>,
): FinishedTraining | Interruption {
  const history: EpochSummary[] = []
  for (let epoch = job.from ?? 0; epoch < job.epochs; epoch++) {
    const result = trainEpoch(job, epoch)
    if (result.kind === 'stopped') break
    if (result.kind !== 'epoch') return result
    history.push(result)
    if (job.stop?.(result) === true) break
  }
  return { kind: 'finished', history }
}
