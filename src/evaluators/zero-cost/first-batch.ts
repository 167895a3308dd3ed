import type { Dataset } from '../../datasets/dataset.js'
import type { Batch } from '../../engines/engine.js'
import type { SeedPart } from '../../platform/rng.js'
import { ImageBatches } from '../../training/batches.js'
import type { Augmentation } from '../../training/recipe.js'

/**
 * The batch for zero-cost measures: the first `count` training images of the first epoch, augmented as for training.
 */
export function firstBatch(
  dataset: Dataset,
  count: number,
  dataSeed: readonly SeedPart[],
  augmentation: Augmentation,
): Batch {
  const batches = new ImageBatches(dataset, dataset.train, count, { dataSeed, augmentation })
  batches.begin(0)
  return batches.at(0)
}
