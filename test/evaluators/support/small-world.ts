import type { Dataset, Split } from '../../../src/datasets/dataset.js'
import type { Engine } from '../../../src/engines/engine.js'
import type { EvaluationContext, EvaluationRequest } from '../../../src/evaluators/evaluator.js'
import type { FearOptions } from '../../../src/evaluators/fear/options.js'
import { defaultFearOptions } from '../../../src/evaluators/fear/settings.js'
import type { NetworkSpec } from '../../../src/networks/network-spec.js'
import { ManualClock } from '../../../src/platform/clock.js'
import { defaultRecipe, type TrainingRecipe } from '../../../src/training/recipe.js'

/*
 * A data set, a network and a recipe so small that every count can be worked out on paper: 10 training images in
 * batches of 4, 4 and 2.
 */

/** Image i consists of 16 bytes i; its label is i mod 2. */
function split(count: number): Split {
  const pixels = new Uint8Array(new SharedArrayBuffer(count * 16)).map((_, i) => Math.floor(i / 16))
  const labels = new Uint8Array(new SharedArrayBuffer(count)).map((_, i) => i % 2)
  return { count, pixels, labels }
}

export const smallDataset: Dataset = {
  name: 'small',
  classes: 2,
  classNames: ['even', 'odd'],
  channels: 1,
  height: 4,
  width: 4,
  normalisation: { mean: [0], std: [1] },
  train: split(10),
  validation: split(6),
  test: split(2),
  fingerprint: 'small',
}

/**
 * Image 1x4x4; a 3x3 convolution to 2 channels (576 FLOPs forward); a 1x1 convolution (128); the head (8). Training
 * one image: 2 x 576 (the image needs no gradient) + 3 x 128 + 3 x 8 = 1560.
 */
export const smallNetwork: NetworkSpec = {
  classes: 2,
  nodes: [
    { channels: 1, height: 4, width: 4 },
    { channels: 2, height: 4, width: 4 },
    { channels: 2, height: 4, width: 4 },
  ],
  edges: [
    { op: 'conv', name: 'stem', from: 0, to: 1, kernel: 3, stride: 1, relu: false, batchNorm: true },
    { op: 'conv', name: 'cells.0', from: 1, to: 2, kernel: 1, stride: 1, relu: true, batchNorm: true },
  ],
  head: { node: 2 },
  cuts: [
    { name: 'last-stage', node: 1 },
    { name: 'head', node: 2 },
  ],
}

export const smallFlops = {
  forward: 712,
  training: 1560,
  /** Frozen below `last-stage`: 576 forward + 2 x 128 (no gradient for the cut) + 3 x 8. */
  frozen: 856,
  /** The same on cached features. */
  tail: 280,
  /** Up to `last-stage`. */
  trunk: 576,
}

export const smallRecipe: TrainingRecipe = {
  ...defaultRecipe,
  epochs: 2,
  batch: 4,
}

export const smallFear: FearOptions = {
  ...defaultFearOptions,
  maxEpochs: 4,
  stage1: { ...defaultFearOptions.stage1, batch: 4 },
  stage2: { ...defaultFearOptions.stage2, epochs: 2, batch: 5 },
}

export const smallRequest: EvaluationRequest = {
  architecture: 'small',
  trialSeed: ['run', 'trial', 0],
  dataSeed: ['run', 'data'],
}

export function smallContext(engine: Engine, changes: Partial<EvaluationContext> = {}): EvaluationContext {
  return {
    engine,
    dataset: smallDataset,
    recipe: smallRecipe,
    clock: new ManualClock(),
    rejection: { cheapest: () => Infinity, offer: () => {} },
    network: () => smallNetwork,
    timeoutSeconds: Infinity,
    ...changes,
  }
}
