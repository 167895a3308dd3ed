import type { Dataset, Split } from '../../datasets/dataset.js'
import { chooseEngine } from '../../engines/choose-engine.js'
import type { EngineOptions } from '../../engines/registry.js'
import type { FearOptions } from '../../evaluators/fear/options.js'
import { defaultFearOptions } from '../../evaluators/fear/settings.js'
import type { EvaluationTask, WorkerSetup } from '../../execution/executor.js'
import { createRng } from '../../platform/rng.js'
import { defaultRecipe } from '../../training/recipe.js'

const side = 8
const classes = 3

/** Noisy stripes, a direction each class: learnt in a few steps. */
export function tinyDataset(): Dataset {
  return {
    name: 'stripes',
    classes,
    classNames: ['rows', 'columns', 'diagonals'],
    channels: 1,
    height: side,
    width: side,
    normalisation: { mean: [0.5], std: [0.3] },
    train: stripes('train', 96),
    validation: stripes('validation', 48),
    test: stripes('test', 48),
    fingerprint: 'stripes',
  }
}

function stripes(name: string, count: number): Split {
  const rng = createRng('stripes', name)
  const pixels = new Uint8Array(new SharedArrayBuffer(count * side * side))
  const labels = new Uint8Array(new SharedArrayBuffer(count))
  for (let image = 0; image < count; image++) {
    const label = image % classes
    labels[image] = label
    const phase = rng.integer(2)
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) {
        const isBright = ([y, x, y + x][label] as number) % 4 < 2 === (phase === 0)
        pixels[(image * side + y) * side + x] = (isBright ? 160 : 40) + rng.integer(60)
      }
    }
  }
  return { count, pixels, labels }
}

/** The fastest engine there is unless another is asked for, and networks of a few thousand weights. */
export async function tinySetup(wanted: EngineOptions | 'auto' = 'auto'): Promise<WorkerSetup> {
  const { options } = await chooseEngine(wanted)
  return {
    dataset: tinyDataset(),
    engine: options,
    space: {
      name: 'nats-tss',
      macro: { channels: 4, cells: 1, input: { channels: 1, height: side, width: side }, classes },
    },
    recipe: { ...defaultRecipe, epochs: 2, batch: 32 },
    timeoutSeconds: 600,
  }
}

export const tinyFear: FearOptions = {
  ...defaultFearOptions,
  threshold: 0.5,
  maxEpochs: 4,
  stage1: { ...defaultFearOptions.stage1, batch: 32, window: 4 },
  stage2: { ...defaultFearOptions.stage2, epochs: 1, batch: 32 },
}

/** Trains for hours if nothing stops it: the last of the architectures never reaches the threshold. */
export const endlessFear: FearOptions = { ...tinyFear, threshold: 1, ratio: null, maxEpochs: 1_000_000_000 }

/** Every cell but the last one reaches the threshold; the last has no path from its input to its output and never does. */
export const tinyArchitectures = [
  '|nor_conv_3x3~0|+|nor_conv_1x1~0|skip_connect~1|+|skip_connect~0|nor_conv_1x1~1|skip_connect~2|',
  '|skip_connect~0|+|nor_conv_3x3~0|none~1|+|none~0|skip_connect~1|nor_conv_3x3~2|',
  '|nor_conv_1x1~0|+|skip_connect~0|nor_conv_1x1~1|+|skip_connect~0|avg_pool_3x3~1|none~2|',
  '|none~0|+|none~0|none~1|+|none~0|none~1|none~2|',
]

/** Trial `index` of a run. */
export function tinyTask(index: number, changes: Partial<EvaluationTask> = {}): EvaluationTask {
  return {
    architecture: tinyArchitectures[index % tinyArchitectures.length] as string,
    trialSeed: ['tiny', 'trial', index],
    dataSeed: ['tiny', 'data'],
    evaluator: tinyFear,
    ...changes,
  }
}

/** A trial that trains for hours if nothing stops it. */
export const endlessTask: EvaluationTask = tinyTask(3, { evaluator: endlessFear })
