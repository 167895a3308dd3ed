import type { Dataset } from '../../../src/datasets/dataset.js'
import type { DatasetRequest } from '../../../src/datasets/dataset-request.js'
import { loadDataset } from '../../../src/datasets/load-dataset.js'
import type { Engine } from '../../../src/engines/engine.js'
import type { EvaluationContext } from '../../../src/evaluators/evaluator.js'
import { systemClock } from '../../../src/platform/clock.js'
import { natsTss } from '../../../src/spaces/nats-tss/index.js'
import type { MacroSpec } from '../../../src/spaces/search-space.js'
import { defaultRecipe, type TrainingRecipe } from '../../../src/training/recipe.js'

/** A few real images. */
export function loadFashion(request: Partial<DatasetRequest>): Promise<Dataset> {
  return loadDataset({ name: 'fashion-mnist', train: 0, validation: 100, test: 10, size: null, seed: 1, ...request })
}

/** The default recipe, short enough for tests. */
export const shortRecipe: TrainingRecipe = { ...defaultRecipe, epochs: 2, batch: 32 }

/** What evaluators need to work on `dataset` with networks of NATS-Bench, without limits. */
export function fashionContext(
  engine: Engine,
  dataset: Dataset,
  { channels, cells }: Pick<MacroSpec, 'channels' | 'cells'>,
  recipe: TrainingRecipe = shortRecipe,
): EvaluationContext {
  const { classes, channels: colours, height, width } = dataset
  const macro = { channels, cells, classes, input: { channels: colours, height, width } }
  return {
    engine,
    dataset,
    recipe,
    clock: systemClock,
    rejection: { cheapest: () => Infinity, offer: () => {} },
    network: (architecture) => natsTss.network(architecture, macro),
    timeoutSeconds: Infinity,
  }
}
