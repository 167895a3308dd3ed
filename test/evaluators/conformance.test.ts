import tf from '@tensorflow/tfjs-core'
import {
  describeEvaluator,
  type EvaluatorConformanceOptions,
} from '../../src/conformance/evaluator/describe-evaluator.js'
import { loadTfjsCpuEngine } from '../../src/engines/tfjs/tfjs-cpu-engine.js'
import type { Evaluator } from '../../src/evaluators/evaluator.js'
import type { FearOptions } from '../../src/evaluators/fear/options.js'
import { createEvaluator, type EvaluatorOptions } from '../../src/evaluators/registry.js'
import { scoreTraining } from '../../src/evaluators/score-training.js'
import { trainWhole } from '../../src/evaluators/train-whole.js'
import { interruptedOutcome, runTrial } from '../../src/evaluators/trial-run.js'
import { PartValue } from '../../src/platform/parts/part-value.js'
import { nativeEngine } from './support/engines.js'
import { fashionContext, loadFashion } from './support/fashion.js'
import { smallFear, smallNetwork } from './support/small-world.js'

/** FEAR with a threshold that a few epochs on a few images reach. */
const fear: FearOptions = {
  ...smallFear,
  threshold: 0.15,
  maxEpochs: 5,
  stage1: { ...smallFear.stage1, batch: 16 },
  stage2: { ...smallFear.stage2, batch: 16 },
}
/** As the authors have it: no cache, batch statistics in the frozen trunk. */
const uncached = { ...fear, stage2: { ...fear.stage2, cacheFeatures: false, batchNorm: 'batch' } } as const
const byValidation = { ...uncached, score: 'validation' } as const
const shortTraining = { name: 'short-training', epochs: 2, batch: 16, score: 'train', scoreEpoch: 'best' } as const
const shortByValidation = { ...shortTraining, score: 'validation' } as const
const inTraining = {
  name: 'measures-in-training',
  measures: ['snip'],
  batch: 16,
  epochs: [0, 1, 2],
  training: 'paper',
  threshold: null,
} as const
const calibration = {
  name: 'calibration',
  epochs: 2,
  steps: 0,
  maxEpochs: 5,
  stage1: { batch: 16, learningRate: 0.1, schedule: 'constant', check: 'epoch', window: 50 },
} as const
const fullTraining = { name: 'full-training' } as const

const request = {
  architecture: '|nor_conv_3x3~0|+|skip_connect~0|nor_conv_1x1~1|+|none~0|avg_pool_3x3~1|skip_connect~2|',
  trialSeed: ['run', 'trial', 3],
  dataSeed: ['run', 'data'],
}

// The slow engine takes fewer and smaller images, a network of two convolutions, and two cases only.
const tfjs = await loadTfjsCpuEngine()
const tinyImages = await loadFashion({ train: 40, validation: 20, size: 4 })
describeEvaluators(
  'tfjs-cpu',
  {
    'full training': fullTraining,
    'FEAR on cached features': fear,
    'short training': shortTraining,
    'measures in training': inTraining,
  },
  {
    context: () => ({
      ...fashionContext(tfjs, tinyImages, { channels: 2, cells: 1 }),
      network: () => ({ ...smallNetwork, classes: tinyImages.classes }),
    }),
    liveObjects: () => tf.memory().numTensors,
  },
)

/** An evaluator of an author, tried as authors do. */
const own: Evaluator = {
  name: 'mine',
  evaluate: (asked, context) =>
    runTrial(asked, context, 'train', (run) => {
      const trained = trainWhole(run, { ...context.recipe, epochs: 3, schedule: 'constant' })
      if (trained.kind !== 'finished') return { outcome: interruptedOutcome(trained, run) }
      return { outcome: scoreTraining(run, trained, { score: 'validation', scoreEpoch: 'last', batch: 16 }) }
    }),
}
describeEvaluator('a value', () => createEvaluator({ name: 'value', value: new PartValue('mine', own) }))

const native = await nativeEngine('conformance of evaluators on the native engine')
if (native !== null) {
  const images = await loadFashion({ train: 100, validation: 50 })
  describeEvaluators(
    'native',
    {
      'full training': fullTraining,
      'FEAR on cached features': fear,
      'FEAR as the authors have it': uncached,
      'FEAR by validation accuracy': byValidation,
      calibration,
      'short training': shortTraining,
      'short training by validation accuracy': shortByValidation,
      'measures in training': inTraining,
    },
    { context: () => fashionContext(native, images, { channels: 4, cells: 1 }) },
  )
}

function describeEvaluators(
  engine: string,
  evaluators: Readonly<Record<string, EvaluatorOptions>>,
  setup: Pick<EvaluatorConformanceOptions, 'context' | 'liveObjects'>,
): void {
  for (const [title, options] of Object.entries(evaluators)) {
    describeEvaluator(`${title} on ${engine}`, () => createEvaluator(options), { request, ...setup })
  }
}
