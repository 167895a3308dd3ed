import { describe, expect, it } from 'vitest'
import { loadWasmEngine } from '../../../src/engines/wasm/wasm-engine.js'
import { createEvaluator } from '../../../src/evaluators/registry.js'
import { firstBatch } from '../../../src/evaluators/zero-cost/first-batch.js'
import type { MeasureName } from '../../../src/evaluators/zero-cost/measure.js'
import { findMeasure, measures } from '../../../src/evaluators/zero-cost/registry.js'
import { scoreArchitecture } from '../../../src/evaluators/zero-cost/score-architecture.js'
import { initialWeights } from '../../../src/networks/weights.js'
import { ManualClock } from '../../../src/platform/clock.js'
import { ConfigError } from '../../../src/platform/errors.js'
import { createRng } from '../../../src/platform/rng.js'
import { ImageBatches } from '../../../src/training/batches.js'
import { noAugmentation } from '../../../src/training/recipe.js'
import { smallContext, smallDataset, smallFlops, smallNetwork, smallRequest } from '../support/small-world.js'

const engine = loadWasmEngine()
const evaluate = (measure: MeasureName, changes: Parameters<typeof smallContext>[1] = {}, batch = 4) =>
  createEvaluator({ name: 'zero-cost', measure, batch }).evaluate(smallRequest, smallContext(engine, changes)).outcome

describe('the zero-cost evaluator', () => {
  it.each(measures)("scores by $name what the trial's untrained network makes of the first batch", ({ name }) => {
    const weights = initialWeights(smallNetwork, createRng(...smallRequest.trialSeed, 'weights'))
    const batch = firstBatch(smallDataset, 4, smallRequest.dataSeed, noAugmentation)
    const { scores } = scoreArchitecture({ engine, spec: smallNetwork, weights, batch }, measures, new ManualClock())
    expect(evaluate(name)).toMatchObject({
      kind: 'scored',
      metric: 'zero-cost',
      score: scores[name],
      trainAccuracy: null,
      validationAccuracy: null,
    })
  })

  it.each([
    ['snip', 4 * smallFlops.training],
    ['grasp', 2 * 4 * smallFlops.training],
    ['synflow', smallFlops.training],
    ['params', 0],
  ] as const)('charges %s its passes', (name, trainingFlops) => {
    const { cost, phases } = evaluate(name)
    expect(cost).toMatchObject({ trainingFlops, steps: 0, epochs: 0 })
    expect(phases).toEqual({ measure: cost })
  })

  it('takes all images where there are fewer than the batch', () => {
    expect(evaluate('snip', {}, 1000).cost.trainingFlops).toBe(10 * smallFlops.training)
  })

  it('calls a measure that is not a number divergence', () => {
    const cutOff = { ...smallNetwork, edges: smallNetwork.edges.slice(0, 1) }
    expect(evaluate('jacob_cov', { network: () => cutOff })).toMatchObject({
      kind: 'diverged',
      phase: 'measure',
      epoch: 0,
    })
  })

  it('ends as a time-out where the measure took longer than a trial may', () => {
    let seconds = 0
    const clock = { now: () => ++seconds, date: () => '' }
    expect(evaluate('snip', { clock, timeoutSeconds: 0.5 })).toMatchObject({
      kind: 'timed-out',
      limitSeconds: 0.5,
    })
  })

  it('is not made for a measure that there is not', () => {
    expect(() => createEvaluator({ name: 'zero-cost', measure: 'synflo' as MeasureName, batch: 4 })).toThrow(
      ConfigError,
    )
    expect(() => findMeasure('synflo')).toThrow('There is no zero-cost measure "synflo". Did you mean synflow?')
    expect(() => findMeasure('???')).toThrow('There are: grad_norm, plain, snip')
  })
})

describe('the first batch', () => {
  it('is the one that training begins with', () => {
    const shuffle = { dataSeed: smallRequest.dataSeed, augmentation: noAugmentation }
    const batches = new ImageBatches(smallDataset, smallDataset.train, 4, shuffle)
    batches.begin(0)
    expect(firstBatch(smallDataset, 4, smallRequest.dataSeed, noAugmentation)).toEqual(batches.at(0))
  })
})

describe('scoring an architecture', () => {
  it('gives null for what is not a number, and each measure its seconds', () => {
    let seconds = 0
    const clock = { now: () => ++seconds, date: () => '' }
    const cutOff = { ...smallNetwork, edges: smallNetwork.edges.slice(0, 1) }
    const weights = initialWeights(cutOff, createRng(1))
    const batch = firstBatch(smallDataset, 4, ['data'], noAugmentation)
    const chosen = [findMeasure('jacob_cov'), findMeasure('params')]
    expect(scoreArchitecture({ engine, spec: cutOff, weights, batch }, chosen, clock)).toEqual({
      scores: { jacob_cov: null, params: weights.parameters.length },
      seconds: { jacob_cov: 1, params: 1 },
    })
  })
})
