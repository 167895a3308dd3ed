import { describe, expect, it } from 'vitest'
import { chooseEngine } from '../../../src/engines/choose-engine.js'
import type { FrozenBatchNorm } from '../../../src/engines/engine.js'
import type { ScoredOutcome } from '../../../src/evaluators/outcome.js'
import { createEvaluator } from '../../../src/evaluators/registry.js'
import { fashionContext, loadFashion } from '../support/fashion.js'
import { smallFear } from '../support/small-world.js'

const { engine } = await chooseEngine('auto')
const dataset = await loadFashion({ train: 60, validation: 40, size: 4 })

/** Real FEAR, with and without a cache, scored by validation images so that the running statistics count too. */
function score(batchNorm: FrozenBatchNorm, epochs: number, cacheFeatures: boolean): ScoredOutcome {
  const options = {
    ...smallFear,
    threshold: 0.15,
    maxEpochs: 10,
    score: 'validation',
    stage1: { ...smallFear.stage1, batch: 16 },
    stage2: { ...smallFear.stage2, batch: 16, epochs, batchNorm, cacheFeatures },
  } as const
  const request = {
    architecture: '|nor_conv_3x3~0|+|skip_connect~0|nor_conv_1x1~1|+|none~0|avg_pool_3x3~1|nor_conv_1x1~2|',
    trialSeed: ['trial'],
    dataSeed: ['data'],
  }
  const context = fashionContext(engine, dataset, { channels: 4, cells: 1 })
  const { outcome } = createEvaluator(options).evaluate(request, context)
  return outcome.kind === 'scored' ? outcome : expect.fail(`not scored: ${outcome.kind}`)
}

describe('stage 2 on cached features', () => {
  it.each([
    // Frozen statistics: an image's features never change, so the cache changes nothing in any epoch.
    { batchNorm: 'running', epochs: 3 },
    // Batch statistics: the cache holds what the first epoch computes; later epochs see other batches.
    { batchNorm: 'batch', epochs: 1 },
  ] as const)('is stage 2 on images, at less cost ($batchNorm, $epochs epochs)', ({ batchNorm, epochs }) => {
    const onImages = score(batchNorm, epochs, false)
    const onFeatures = score(batchNorm, epochs, true)
    expect(onFeatures.trainAccuracy).toBe(onImages.trainAccuracy)
    expect(onFeatures.score).toBe(onImages.score)
    // The trunk runs once an epoch on images, once altogether with a cache.
    const saved = onImages.cost.trainingFlops - onFeatures.cost.trainingFlops
    expect(saved).toBe((epochs - 1) * (onFeatures.phases.features?.trainingFlops ?? 0))
    expect(onFeatures.cost.steps).toBe(onImages.cost.steps)
  })
})
