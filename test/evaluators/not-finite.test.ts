import { describe, expect, it } from 'vitest'
import { evaluateSafely } from '../../src/evaluators/evaluate-safely.js'
import type { EvaluationContext } from '../../src/evaluators/evaluator.js'
import { createEvaluator } from '../../src/evaluators/registry.js'
import { nativeEngine } from './support/engines.js'
import { smallContext, smallDataset, smallFear, smallRecipe, smallRequest } from './support/small-world.js'

const native = await nativeEngine('trials that are not finite')

describe.skipIf(native === null)('a trial whose numbers are not finite', () => {
  const evaluators = {
    fear: smallFear,
    'fear without a cache': { ...smallFear, stage2: { ...smallFear.stage2, cacheFeatures: false } },
    'full training': { name: 'full-training' } as const,
  }
  const context = (changes: Partial<EvaluationContext>) => {
    if (native === null) throw new Error('not skipped')
    return smallContext(native, changes)
  }

  describe.each(Object.entries(evaluators))('%s', (_, options) => {
    it.each([
      ['NaN in every image', { mean: [Number.NaN], std: [1] }],
      ['infinity in every image', { mean: [0], std: [0] }],
    ])('has diverged: %s', (_, normalisation) => {
      const evaluator = createEvaluator(options)
      const dataset = { ...smallDataset, normalisation }
      const { outcome, weights } = evaluateSafely(evaluator, smallRequest, context({ dataset }))
      expect(outcome).toMatchObject({ kind: 'diverged', epoch: 0 })
      expect(outcome.cost.steps).toBe(1)
      expect(weights).toBeUndefined()
    })

    it('has diverged: weights beyond all bounds after a finite first loss', () => {
      const evaluator = createEvaluator(
        options.name === 'fear' ? { ...options, stage1: { ...options.stage1, learningRate: 1e38 } } : options,
      )
      const recipe = { ...smallRecipe, learningRate: 1e38 }
      const { outcome } = evaluateSafely(evaluator, smallRequest, context({ recipe }))
      expect(outcome).toMatchObject({ kind: 'diverged', epoch: 0 })
      expect(outcome.cost.steps).toBeGreaterThan(1)
    })
  })
})
