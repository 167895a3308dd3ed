import { describe, expect, it } from 'vitest'
import type { Evaluation, EvaluationContext } from '../../../src/evaluators/evaluator.js'
import { FearEvaluator } from '../../../src/evaluators/fear/fear-evaluator.js'
import type { FearOptions } from '../../../src/evaluators/fear/options.js'
import type { Cost, CostUnit } from '../../../src/evaluators/outcome.js'
import { ManualClock } from '../../../src/platform/clock.js'
import { type EngineCall, type EngineScript, ScriptedEngine } from '../support/scripted-engine.js'
import { smallContext, smallFear, smallFlops, smallRecipe, smallRequest } from '../support/small-world.js'

/** Correct counts of an epoch of 4 + 4 + 2 images with train accuracy 0.3, 0.5, 0.6 and 0.7. */
const epochs = { 0.3: [1, 1, 1], 0.5: [2, 2, 1], 0.6: [2, 2, 2], 0.7: [3, 3, 1] } as const

interface Run extends Evaluation {
  readonly calls: readonly EngineCall[]
  readonly offers: readonly Cost[]
}

/** Evaluates on the scripted engine, each of whose calls but freezing takes a second. */
function run(script: EngineScript, options: Partial<FearOptions> = {}, changes: Partial<EvaluationContext> = {}): Run {
  const clock = new ManualClock()
  const engine = new ScriptedEngine({
    ...script,
    onCall: ({ kind }) => clock.advance(kind === 'freeze' ? 0 : 1),
  })
  const offers: Cost[] = []
  const rejection = { cheapest: () => Infinity, offer: (cost: Cost) => offers.push(cost) }
  const context = smallContext(engine, { clock, ...changes, rejection: { ...rejection, ...changes.rejection } })
  const evaluation = new FearEvaluator({ ...smallFear, ...options }).evaluate(smallRequest, context)
  expect(engine.live).toBe(0)
  return { ...evaluation, calls: engine.calls, offers }
}

const cheapest = (value: number): Partial<EvaluationContext> => ({
  rejection: { cheapest: () => value, offer: () => expect.fail('nothing may be offered') },
})

describe('stage 1', () => {
  it.each([
    { accuracies: [0.7], ends: 1 },
    { accuracies: [0.6], ends: 1 },
    { accuracies: [0.3, 0.5, 0.6, 0.7], ends: 3 },
    { accuracies: [0.5, 0.3, 0.5, 0.7], ends: 4 },
  ] as const)('ends with the first epoch at or above the threshold: $accuracies', ({ accuracies, ends }) => {
    const { outcome, offers } = run({ train: accuracies.flatMap((accuracy) => epochs[accuracy]) })
    expect(outcome).toMatchObject({ kind: 'scored', stage1: { epochs: ends, trainAccuracy: accuracies[ends - 1] } })
    const cost = {
      computeSeconds: 3 * ends,
      trainingFlops: ends * 10 * smallFlops.training,
      steps: 3 * ends,
      epochs: ends,
    }
    expect(outcome.phases.stage1).toEqual(cost)
    expect(offers).toEqual([cost])
  })

  it('gives up below the threshold after maxEpochs, and offers nothing', () => {
    const { outcome, offers, calls } = run(
      { train: [...epochs[0.3], ...epochs[0.5], ...epochs[0.3]] },
      { maxEpochs: 3 },
    )
    const cost = { computeSeconds: 9, trainingFlops: 30 * smallFlops.training, steps: 9, epochs: 3 }
    expect(outcome).toEqual({ kind: 'below-threshold', bestTrainAccuracy: 0.5, cost, phases: { stage1: cost } })
    expect(offers).toEqual([])
    expect(calls.every(({ kind }) => kind === 'train')).toBe(true)
  })

  it.each([
    { schedule: 'constant', rates: [0.2, 0.2, 0.2, 0.2] },
    { schedule: 'cosine', rates: [0.2, 0.1 * (1 + Math.SQRT1_2), 0.1, 0.1 * (1 - Math.SQRT1_2)] },
  ] as const)('takes its $schedule learning rate over the cap', ({ schedule, rates }) => {
    const { calls } = run({}, { stage1: { ...smallFear.stage1, learningRate: 0.2, schedule } })
    const seen = calls.flatMap((call) => (call.kind === 'train' ? [call.options.learningRate] : []))
    expect(seen).toHaveLength(12)
    for (const [epoch, rate] of rates.entries()) expect(seen[3 * epoch]).toBeCloseTo(rate, 12)
  })

  it('sees the training images in another order each epoch, each image once', () => {
    const { calls } = run({}, { maxEpochs: 2 })
    const labels = calls.flatMap((call) => (call.kind === 'train' ? call.labels : []))
    expect(labels.slice(0, 10).filter((label) => label === 1)).toHaveLength(5)
    expect(labels.slice(0, 10)).not.toEqual(labels.slice(10))
  })
})

describe('rejection', () => {
  // One epoch costs 3 seconds, 3 steps or 15600 FLOPs; the limit is four times the cheapest.
  const units: readonly { cost: CostUnit; epoch: number }[] = [
    { cost: 'seconds', epoch: 3 },
    { cost: 'steps', epoch: 3 },
    { cost: 'work', epoch: 10 * smallFlops.training },
  ]

  it.each(units)('comes after the epoch that exactly meets the limit in $cost', ({ cost, epoch }) => {
    const { outcome, calls } = run({ train: epochs[0.5] }, { cost }, cheapest((2 * epoch) / 4))
    expect(outcome).toMatchObject({ kind: 'rejected', limit: 2 * epoch, unit: cost, bestTrainAccuracy: 0.5 })
    expect(outcome.cost).toEqual({ computeSeconds: 6, trainingFlops: 20 * smallFlops.training, steps: 6, epochs: 2 })
    expect(outcome.phases).toEqual({ stage1: outcome.cost })
    expect(calls).toHaveLength(6)
  })

  it.each(units)('waits while the cost in $cost is a little below the limit', ({ cost, epoch }) => {
    const { outcome } = run({}, { cost }, cheapest((2 * epoch * (1 + 1e-9)) / 4))
    expect(outcome).toMatchObject({ kind: 'rejected', cost: { epochs: 3 } })
  })

  it('sees a reference that falls while it trains', () => {
    const falling = [Infinity, Infinity, 1]
    const rejection = { cheapest: () => falling.shift() ?? 1, offer: () => {} }
    const { outcome } = run({}, { cost: 'steps' }, { rejection })
    expect(outcome).toMatchObject({ kind: 'rejected', limit: 4, cost: { epochs: 3 } })
  })

  it('never comes without a ratio', () => {
    expect(run({}, { ratio: null }, cheapest(0)).outcome.kind).toBe('below-threshold')
  })

  it('spares a network that reaches the threshold in the epoch that exceeds the limit', () => {
    const offers: Cost[] = []
    const rejection = { cheapest: () => 0.1, offer: (cost: Cost) => offers.push(cost) }
    const { outcome } = run({ train: epochs[0.7] }, { cost: 'steps' }, { rejection })
    expect(outcome).toMatchObject({ kind: 'scored', stage1: { epochs: 1 } })
    expect(offers).toEqual([outcome.phases.stage1])
  })

  it('goes before the cap: who meets both in one epoch is rejected', () => {
    const { outcome } = run({}, { cost: 'steps', maxEpochs: 2 }, cheapest(6 / 4))
    expect(outcome.kind).toBe('rejected')
  })
})

describe('stage 2', () => {
  // Stage 2 has 10 images in batches of 5: two steps an epoch, two epochs.
  const tail = [4, 4, 3, 3]
  const reached = epochs[0.7]

  it('trains the tail on features that are computed once', () => {
    const { outcome, calls } = run({ train: reached, tail })
    expect(calls.slice(3).map(({ kind }) => kind)).toEqual([
      'freeze',
      'features',
      'features',
      ...tail.map(() => 'tail'),
    ])
    expect(calls[3]).toEqual({ kind: 'freeze', cut: 'last-stage', batchNorm: 'running' })
    expect(outcome.phases).toEqual({
      stage1: { computeSeconds: 3, trainingFlops: 10 * smallFlops.training, steps: 3, epochs: 1 },
      features: { computeSeconds: 2, trainingFlops: 10 * smallFlops.trunk, steps: 0, epochs: 0 },
      stage2: { computeSeconds: 4, trainingFlops: 20 * smallFlops.tail, steps: 4, epochs: 2 },
    })
    expect(outcome.cost).toEqual({
      computeSeconds: 9,
      trainingFlops: 10 * (smallFlops.training + smallFlops.trunk + 2 * smallFlops.tail),
      steps: 7,
      epochs: 3,
    })
  })

  it('trains the frozen network on images where features are not cached', () => {
    const stage2 = { ...smallFear.stage2, cacheFeatures: false, batchNorm: 'batch' } as const
    const { outcome, calls } = run({ train: [...reached, ...tail] }, { stage2 })
    expect(calls.slice(3).map(({ kind }) => kind)).toEqual(['freeze', ...tail.map(() => 'train')])
    expect(calls[3]).toEqual({ kind: 'freeze', cut: 'last-stage', batchNorm: 'batch' })
    expect(outcome).toMatchObject({ kind: 'scored', score: 0.6 })
    expect(outcome.phases.stage2).toEqual({
      computeSeconds: 4,
      trainingFlops: 20 * smallFlops.frozen,
      steps: 4,
      epochs: 2,
    })
  })

  it('draws cached features in the order in which it would draw the images', () => {
    const labels = (cacheFeatures: boolean): number[][] => {
      const { calls } = run({ train: reached }, { stage2: { ...smallFear.stage2, cacheFeatures } })
      return calls.slice(3).flatMap((call) => ('labels' in call ? [call.labels] : []))
    }
    expect(labels(true)).toHaveLength(4)
    expect(labels(true)).toEqual(labels(false))
  })

  it.each([
    { scoreEpoch: 'last', score: 0.6 },
    { scoreEpoch: 'best', score: 0.8 },
  ] as const)('scores by the train accuracy of the $scoreEpoch epoch', ({ scoreEpoch, score }) => {
    const { outcome } = run({ train: reached, tail }, { stage2: { ...smallFear.stage2, scoreEpoch } })
    expect(outcome).toMatchObject({ score, metric: 'train-accuracy', trainAccuracy: 0.6, validationAccuracy: null })
  })

  it('scores by the validation accuracy of the final network, and charges for it', () => {
    const { outcome, calls } = run({ train: reached, tail, evaluate: [3, 1] }, { score: 'validation' })
    // Six validation images in batches of 4 and 2.
    expect(calls.slice(-2)).toEqual([
      { kind: 'evaluate', count: 4 },
      { kind: 'evaluate', count: 2 },
    ])
    expect(outcome).toMatchObject({ score: 4 / 6, metric: 'validation-accuracy', validationAccuracy: 4 / 6 })
    expect(outcome).toMatchObject({ trainAccuracy: 0.6 })
    expect(outcome.phases.validate).toEqual({
      computeSeconds: 2,
      trainingFlops: 6 * smallFlops.forward,
      steps: 0,
      epochs: 0,
    })
  })

  it('decays its learning rate by cosine over its own epochs', () => {
    const { calls } = run({ train: reached }, { stage2: { ...smallFear.stage2, learningRate: 0.4 } })
    const rates = calls.flatMap((call) => (call.kind === 'tail' ? [call.options.learningRate] : []))
    expect(rates.map((rate) => rate.toFixed(9))).toEqual(['0.400000000', '0.400000000', '0.200000000', '0.200000000'])
  })
})

describe('a failing trial', () => {
  it('is told with phase, epoch and cost when the loss is no number', () => {
    const inStage1 = run({ loss: (step) => (step === 4 ? Number.NaN : 1) })
    expect(inStage1.outcome).toMatchObject({
      kind: 'diverged',
      phase: 'stage1',
      epoch: 1,
      cost: { steps: 5, epochs: 1.8 },
    })

    const inStage2 = run({ train: epochs[0.7], loss: (step) => (step === 5 ? Infinity : 1) })
    expect(inStage2.outcome).toMatchObject({ kind: 'diverged', phase: 'stage2', epoch: 1, cost: { steps: 6 } })
    expect(inStage2.offers).toHaveLength(1)
  })

  it.each([
    { timeoutSeconds: 2, phase: 'stage1', options: {} },
    { timeoutSeconds: 3, phase: 'features', options: {} },
    { timeoutSeconds: 6, phase: 'stage2', options: {} },
    { timeoutSeconds: 9, phase: 'validate', options: { score: 'validation' } },
  ] as const)('is a time-out in $phase after $timeoutSeconds seconds', ({ timeoutSeconds, phase, options }) => {
    const { outcome } = run({ train: epochs[0.7] }, options, { timeoutSeconds })
    expect(outcome).toMatchObject({ kind: 'timed-out', limitSeconds: timeoutSeconds })
    expect(outcome.cost.computeSeconds).toBe(timeoutSeconds + 1)
    expect(Object.keys(outcome.phases).at(-1)).toBe(phase)
  })

  it('is an error where the options contradict the recipe', () => {
    const recipe = { ...smallRecipe, augmentation: { flip: true, crop: 0, cutout: 0 } }
    expect(() => run({}, {}, { recipe })).toThrow(/stage2.cacheFeatures must be false if training images are augmented/)
  })
})
