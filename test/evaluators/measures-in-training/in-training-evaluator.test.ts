import { describe, expect, it } from 'vitest'
import type { InTrainingOptions } from '../../../src/evaluators/measures-in-training/settings.js'
import type { Snapshot } from '../../../src/evaluators/measures-in-training/snapshot.js'
import { createEvaluator } from '../../../src/evaluators/registry.js'
import { ManualClock } from '../../../src/platform/clock.js'
import { type EngineCall, type EngineScript, ScriptedEngine } from '../support/scripted-engine.js'
import { smallContext, smallFlops, smallRecipe, smallRequest } from '../support/small-world.js'

/** Ten images in batches of 4, 4 and 2. */
const options: InTrainingOptions = {
  name: 'measures-in-training',
  measures: ['params'],
  batch: 4,
  epochs: [0, 1, 3],
  training: 'paper',
  threshold: null,
}

/** 3, 6 and 9 of the ten images are right in the first three epochs; 1, 2, 3, 4, ... of the six validation images. */
const script: EngineScript = {
  train: [1, 1, 1, 2, 2, 2, 4, 4, 1],
  evaluate: [1, 0, 2, 0, 3, 0, 4, 0],
}

function evaluate(
  changes: Partial<InTrainingOptions>,
  engine = new ScriptedEngine(script),
  context: Parameters<typeof smallContext>[1] = {},
) {
  const { outcome } = createEvaluator({ ...options, ...changes }).evaluate(smallRequest, smallContext(engine, context))
  return { outcome, snapshots: outcome.snapshots ?? [], calls: engine.calls, live: engine.live }
}

const about = (snapshots: readonly Snapshot[]) => snapshots.map(({ epochs, trainAccuracy }) => [epochs, trainAccuracy])

const stepsOf = (calls: readonly EngineCall[]) => calls.flatMap((call) => (call.kind === 'train' ? [call] : []))

describe('measures in training', () => {
  it('are taken after the epochs asked for, with the train accuracy of the epoch and the validation accuracy', () => {
    const { outcome, snapshots, live } = evaluate({})
    expect(about(snapshots)).toEqual([
      [0, null],
      [1, 0.3],
      [3, 0.9],
    ])
    expect(snapshots.map(({ validationAccuracy }) => validationAccuracy)).toEqual([1 / 6, 2 / 6, 3 / 6])
    expect(outcome).toMatchObject({ kind: 'scored', score: 0.5, trainAccuracy: 0.9, validationAccuracy: 0.5 })
    expect(live).toBe(0)
  })

  it('cost the training, their passes and the validation', () => {
    const { outcome } = evaluate({ measures: ['params', 'grasp', 'synflow'] })
    expect(outcome.phases).toMatchObject({
      train: { trainingFlops: 3 * 10 * smallFlops.training, steps: 9, epochs: 3 },
      // For each snapshot: two passes of four images, and one of an image of ones.
      measure: { trainingFlops: 3 * (2 * 4 + 1) * smallFlops.training },
      validate: { trainingFlops: 3 * 6 * smallFlops.forward },
    })
  })

  it('have seconds of their own, beside those of the training up to there', () => {
    const clock = new ManualClock()
    const engine = new ScriptedEngine({ ...script, onCall: () => clock.advance(1) })
    const { snapshots } = evaluate({}, engine, { clock })
    // Steps and batches of validation take a second; freezing, which forgets the momentum, one more a round.
    expect(snapshots.map(({ seconds }) => seconds)).toEqual([
      { train: 0, validate: 2, measures: { params: 0 } },
      { train: 3, validate: 2, measures: { params: 0 } },
      { train: 3 + 1 + 3 + 1 + 3, validate: 2, measures: { params: 0 } },
    ])
  })

  it('as the paper has them: full learning rate, a new optimiser and the same order in every epoch', () => {
    const { calls } = evaluate({})
    const steps = stepsOf(calls)
    expect(steps.map((step) => step.options.learningRate)).toEqual(Array.from({ length: 9 }, () => 0.1))
    const orders = [0, 3, 6].map((first) => steps.slice(first, first + 3).flatMap(({ labels }) => labels))
    expect(orders).toEqual([orders[0], orders[0], orders[0]])
    const order = calls.map(({ kind }) => kind).filter((kind) => kind === 'train' || kind === 'freeze')
    expect(order.join(' ')).toMatch(/^train train train freeze train train train freeze train train train/)
    expect(calls.find((call) => call.kind === 'freeze')).toMatchObject({ cut: null })
  })

  it('as the recipe has them: its schedule over all of its epochs, one optimiser and new orders', () => {
    const recipe = { ...smallRecipe, epochs: 4 }
    const { calls } = evaluate({ training: 'recipe', epochs: [2] }, new ScriptedEngine(script), { recipe })
    const steps = stepsOf(calls)
    // 0.05 (1 + cos(pi e / 4)) for e = 0, 1.
    expect(steps).toHaveLength(6)
    expect(steps[0]?.options.learningRate).toBeCloseTo(0.1, 7)
    expect(steps[3]?.options.learningRate).toBeCloseTo(0.0853553, 7)
    const orders = [0, 3].map((first) => steps.slice(first, first + 3).flatMap(({ labels }) => labels))
    expect(orders[1]).not.toEqual(orders[0])
    expect(calls.some(({ kind }) => kind === 'freeze')).toBe(false)
  })

  it('are taken once more after the first epoch that reaches the threshold', () => {
    expect(about(evaluate({ threshold: 0.6 }).snapshots)).toEqual([
      [0, null],
      [1, 0.3],
      [2, 0.6],
      [3, 0.9],
    ])
    expect(evaluate({ threshold: 0.7 }).snapshots).toHaveLength(3)
    expect(evaluate({ threshold: 0.95 }).snapshots).toHaveLength(3)
  })

  it('of an untrained network alone need no training', () => {
    const { outcome, snapshots, calls } = evaluate({ epochs: [0] })
    expect(about(snapshots)).toEqual([[0, null]])
    expect(outcome).toMatchObject({ kind: 'scored', trainAccuracy: null, cost: { steps: 0 } })
    expect(calls.some(({ kind }) => kind === 'train')).toBe(false)
  })

  it('keep what there was when training diverges', () => {
    const engine = new ScriptedEngine({ ...script, loss: (step) => (step < 4 ? 1 : Number.NaN) })
    const { outcome, snapshots } = evaluate({}, engine)
    expect(outcome).toMatchObject({ kind: 'diverged', phase: 'train', epoch: 1 })
    expect(about(snapshots)).toEqual([
      [0, null],
      [1, 0.3],
    ])
  })

  it('keep what there was when the time is up, in training or in validation', () => {
    const at = (timeoutSeconds: number) => {
      const clock = new ManualClock()
      const engine = new ScriptedEngine({ ...script, onCall: () => clock.advance(1) })
      return evaluate({}, engine, { clock, timeoutSeconds })
    }
    // Two batches of validation, three steps, two batches, ...
    expect(at(4.5).outcome).toMatchObject({ kind: 'timed-out', phases: { train: { steps: 3 } } })
    expect(at(4.5).snapshots).toHaveLength(1)
    expect(at(5.5).outcome).toMatchObject({ kind: 'timed-out', cost: { computeSeconds: 6 } })
    expect(at(5.5).snapshots).toHaveLength(1)
    expect(at(7.5).snapshots).toHaveLength(2)
  })
})
