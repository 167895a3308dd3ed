import { describe, expect, it } from 'vitest'
import { createEvaluator } from '../../../src/evaluators/registry.js'
import type { ShortTrainingOptions } from '../../../src/evaluators/short-training/settings.js'
import { ManualClock } from '../../../src/platform/clock.js'
import { ScriptedEngine } from '../support/scripted-engine.js'
import { smallContext, smallFlops, smallRecipe, smallRequest } from '../support/small-world.js'

/** Batches of 5 and 5 of the 10 images. */
const options: ShortTrainingOptions = {
  name: 'short-training',
  epochs: 2,
  batch: 5,
  score: 'train',
  scoreEpoch: 'best',
}

/** 9, then 7 of the ten images are right: the first epoch is the best. */
function evaluate(changes: Partial<ShortTrainingOptions>, engine = new ScriptedEngine({ train: [5, 4, 3, 4] })) {
  return createEvaluator({ ...options, ...changes }).evaluate(smallRequest, smallContext(engine))
}

describe('short training', () => {
  it("scores by its best epoch's train accuracy, as the authors do", () => {
    const { outcome, weights } = evaluate({})
    expect(outcome).toMatchObject({
      kind: 'scored',
      score: 0.9,
      metric: 'train-accuracy',
      trainAccuracy: 0.7,
      validationAccuracy: null,
      cost: { trainingFlops: 20 * smallFlops.training, steps: 4, epochs: 2 },
    })
    expect(Object.keys(outcome.phases)).toEqual(['train'])
    expect(weights).toBeUndefined()
  })

  it("scores by its last epoch's if asked to", () => {
    expect(evaluate({ scoreEpoch: 'last' }).outcome).toMatchObject({ kind: 'scored', score: 0.7 })
  })

  it('scores by validation accuracy if asked to, and is charged for measuring it', () => {
    const clock = new ManualClock()
    const engine = new ScriptedEngine({ train: [5, 4, 3, 4], evaluate: [3, 1], onCall: () => clock.advance(1) })
    const { outcome } = createEvaluator({ ...options, score: 'validation' }).evaluate(
      smallRequest,
      smallContext(engine, { clock }),
    )
    expect(outcome).toMatchObject({
      kind: 'scored',
      score: 4 / 6,
      metric: 'validation-accuracy',
      trainAccuracy: 0.7,
      validationAccuracy: 4 / 6,
      phases: {
        train: { computeSeconds: 4, trainingFlops: 20 * smallFlops.training },
        validate: { computeSeconds: 2, trainingFlops: 6 * smallFlops.forward },
      },
    })
  })

  it("lets the learning rate fall to 0 over its own epochs, whatever the recipe's schedule is", () => {
    const engine = new ScriptedEngine({ train: [1, 1, 1, 1, 1, 1, 1, 1] })
    const context = smallContext(engine, { recipe: { ...smallRecipe, schedule: 'constant', epochs: 50 } })
    createEvaluator({ ...options, epochs: 4 }).evaluate(smallRequest, context)
    const rates = engine.calls.flatMap((call) => ('options' in call ? [call.options.learningRate] : []))
    // 0.05 (1 + cos(pi e / 4)) for e = 0..3, two steps each.
    const expected = [0.1, 0.1, 0.0853553, 0.0853553, 0.05, 0.05, 0.0146447, 0.0146447]
    expect(rates).toHaveLength(expected.length)
    for (const [i, rate] of rates.entries()) expect(rate).toBeCloseTo(expected[i] as number, 7)
  })

  it('trains in batches of its own size', () => {
    const { outcome } = evaluate({ batch: 3, epochs: 1 }, new ScriptedEngine({ train: [3, 3, 3, 1] }))
    expect(outcome).toMatchObject({ kind: 'scored', score: 1, cost: { steps: 4 } })
  })
})
