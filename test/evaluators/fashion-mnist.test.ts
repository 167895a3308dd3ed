import { describe, expect, it } from 'vitest'
import { evaluateSafely } from '../../src/evaluators/evaluate-safely.js'
import type { Evaluation, EvaluationContext } from '../../src/evaluators/evaluator.js'
import { defaultFearOptions } from '../../src/evaluators/fear/settings.js'
import type { EvaluatorOptions } from '../../src/evaluators/registry.js'
import { createEvaluator } from '../../src/evaluators/registry.js'
import { nativeEngine } from './support/engines.js'
import { fashionContext, loadFashion, shortRecipe } from './support/fashion.js'

const native = await nativeEngine('evaluators on 1,000 images of Fashion-MNIST')

const architectures = {
  'all 1x1': '|nor_conv_1x1~0|+|nor_conv_1x1~0|nor_conv_1x1~1|+|nor_conv_1x1~0|nor_conv_1x1~1|nor_conv_1x1~2|',
  mixed: '|nor_conv_3x3~0|+|skip_connect~0|nor_conv_1x1~1|+|none~0|avg_pool_3x3~1|skip_connect~2|',
  'all skip': '|skip_connect~0|+|skip_connect~0|skip_connect~1|+|skip_connect~0|skip_connect~1|skip_connect~2|',
}
const disconnected = '|none~0|+|none~0|nor_conv_3x3~1|+|none~0|nor_conv_3x3~1|nor_conv_3x3~2|'

describe.skipIf(native === null)('on 1,000 images of Fashion-MNIST', async () => {
  const dataset = await loadFashion({ train: 1000, validation: 500 })
  const recipe = { ...shortRecipe, epochs: 6 }
  const evaluate = (options: EvaluatorOptions, architecture: string): Evaluation => {
    if (native === null) throw new Error('the tests are skipped without an engine')
    const context: EvaluationContext = fashionContext(native, dataset, { channels: 4, cells: 1 }, recipe)
    const request = { architecture, trialSeed: ['trial', architecture], dataSeed: ['data'] }
    return evaluateSafely(createEvaluator(options), request, context)
  }

  it.each(Object.entries(architectures))('full training of %s is far better than chance', (_, architecture) => {
    const { outcome, weights } = evaluate({ name: 'full-training' }, architecture)
    if (outcome.kind !== 'scored') expect.fail(JSON.stringify(outcome))
    expect(outcome.score).toBeGreaterThan(0.5)
    expect(weights?.parameters.every(Number.isFinite)).toBe(true)
  })

  it.each(Object.entries(architectures))('FEAR with threshold 0.6 scores %s', (_, architecture) => {
    const fear = { ...defaultFearOptions, stage1: { ...defaultFearOptions.stage1, batch: 32 } }
    const { outcome } = evaluate({ ...fear, score: 'validation' }, architecture)
    if (outcome.kind !== 'scored') expect.fail(JSON.stringify(outcome))
    expect(outcome.stage1?.trainAccuracy).toBeGreaterThanOrEqual(0.6)
    expect(outcome.trainAccuracy).toBeGreaterThan(0.6)
    expect(outcome.score).toBeGreaterThan(0.5)
    expect(Object.keys(outcome.phases)).toEqual(['stage1', 'features', 'stage2', 'validate'])
  })

  it('FEAR finds that a disconnected network learns nothing', () => {
    const { outcome } = evaluate({ ...defaultFearOptions, maxEpochs: 3 }, disconnected)
    expect(outcome).toMatchObject({ kind: 'below-threshold', cost: { epochs: 3 } })
    expect(outcome.kind === 'below-threshold' && outcome.bestTrainAccuracy).toBeLessThan(0.2)
  })
})
