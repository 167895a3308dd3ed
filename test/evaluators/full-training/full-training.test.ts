import { describe, expect, it } from 'vitest'
import { fullTraining } from '../../../src/evaluators/full-training/full-training-evaluator.js'
import { initialWeights } from '../../../src/networks/weights.js'
import { ManualClock } from '../../../src/platform/clock.js'
import { createRng } from '../../../src/platform/rng.js'
import { ScriptedEngine } from '../support/scripted-engine.js'
import { smallContext, smallDataset, smallFlops, smallNetwork, smallRequest } from '../support/small-world.js'

describe('fullTraining', () => {
  it('trains by the recipe, scores by validation accuracy and hands over the weights', () => {
    const clock = new ManualClock()
    const engine = new ScriptedEngine({
      train: [1, 1, 1, 3, 3, 2],
      evaluate: [3, 2],
      onCall: () => clock.advance(1),
    })
    const { outcome, weights } = fullTraining.evaluate(smallRequest, smallContext(engine, { clock }))
    expect(outcome).toEqual({
      kind: 'scored',
      score: 5 / 6,
      metric: 'validation-accuracy',
      trainAccuracy: 0.8,
      validationAccuracy: 5 / 6,
      cost: {
        computeSeconds: 8,
        trainingFlops: 20 * smallFlops.training + 6 * smallFlops.forward,
        steps: 6,
        epochs: 2,
      },
      phases: {
        train: { computeSeconds: 6, trainingFlops: 20 * smallFlops.training, steps: 6, epochs: 2 },
        validate: { computeSeconds: 2, trainingFlops: 6 * smallFlops.forward, steps: 0, epochs: 0 },
      },
    })
    expect(weights).toEqual(initialWeights(smallNetwork, createRng(...smallRequest.trialSeed, 'weights')))
    expect(engine.calls.flatMap((call) => ('options' in call ? [call.options] : []))[3]).toEqual({
      learningRate: 0.05,
      momentum: 0.9,
      nesterov: true,
      weightDecay: 5e-4,
      clipNorm: 5,
    })
    expect(engine.live).toBe(0)
  })

  it('needs validation images', () => {
    const validation = { ...smallDataset.validation, count: 0 }
    const engine = new ScriptedEngine()
    const context = smallContext(engine, { dataset: { ...smallDataset, validation } })
    expect(() => fullTraining.evaluate(smallRequest, context)).toThrow(/no images/)
    expect(engine.live).toBe(0)
  })
})
