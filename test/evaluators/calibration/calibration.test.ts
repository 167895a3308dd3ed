import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CalibratedNetwork, thresholdFrom } from '../../../src/evaluators/calibration/calibration.js'
import type { CalibrationOptions } from '../../../src/evaluators/calibration/settings.js'
import type { FearOptions } from '../../../src/evaluators/fear/options.js'
import { noCost, type Outcome } from '../../../src/evaluators/outcome.js'
import type { EvaluatorOptions } from '../../../src/evaluators/registry.js'
import { createEvaluator } from '../../../src/evaluators/registry.js'
import { type EngineCall, ScriptedEngine } from '../support/scripted-engine.js'
import { smallContext, smallFear, smallFlops, smallRequest } from '../support/small-world.js'

const options: CalibrationOptions = {
  name: 'calibration',
  epochs: 2,
  steps: 0,
  maxEpochs: 4,
  stage1: { batch: 4, learningRate: 0.2, schedule: 'cosine', check: 'epoch', window: 4 },
}

/** On ten images in batches of 4, 4 and 2: three steps an epoch. */
function run(
  train: readonly number[],
  evaluator: EvaluatorOptions,
): { readonly outcome: Outcome; readonly calls: readonly EngineCall[] } {
  const engine = new ScriptedEngine({ train })
  return { ...createEvaluator(evaluator).evaluate(smallRequest, smallContext(engine)), calls: engine.calls }
}

describe('a reference network of a calibration', () => {
  it('is trained for the epochs told, and scored by the best of them', () => {
    const { outcome } = run([3, 3, 1, 2, 2, 2, 4, 4, 2], options)
    const cost = { computeSeconds: 0, trainingFlops: 20 * smallFlops.training, steps: 6, epochs: 2 }
    expect(outcome).toMatchObject({ kind: 'scored', score: 0.7, metric: 'train-accuracy', trainAccuracy: 0.6 })
    expect(outcome).toMatchObject({ cost, phases: { train: cost } })
  })

  it.each([
    { steps: 6, epochs: 2 },
    { steps: 7, epochs: 3 },
    { steps: 1000, epochs: 4 },
  ])('goes on to the end of the epoch in which it has $steps steps, and to the cap at most', ({ steps, epochs }) => {
    expect(run([], { ...options, steps }).outcome.cost.epochs).toBe(epochs)
  })

  it('reaches in its epochs exactly the thresholds that end stage 1 in them, at the same rates', () => {
    const sequences = fc.tuple(
      ...[4, 4, 2, 4, 4, 2, 4, 4, 2, 4, 4, 2].map((count) => fc.integer({ min: 0, max: count })),
    )
    const thresholds = fc.integer({ min: 1, max: 10 }).map((n) => n / 10)
    const checks = fc.constantFrom('epoch', 'window')
    fc.assert(
      fc.property(sequences, thresholds, fc.integer({ min: 1, max: 4 }), checks, (train, threshold, epochs, check) => {
        // A window of an epoch's three steps or fewer: it has been full when the first epoch ends.
        const stage1 = { ...options.stage1, check, window: 2 } as const
        const calibrated = run(train, { ...options, epochs, stage1 })
        const fear: FearOptions = { ...smallFear, maxEpochs: 4, threshold, stage1 }
        const searched = run(train, fear)
        const score = calibrated.outcome.kind === 'scored' ? calibrated.outcome.score : Number.NaN
        const isInTime = searched.outcome.kind === 'scored' && (searched.outcome.stage1?.epochs ?? 9) <= epochs
        expect(score >= threshold).toBe(isInTime)
        const steps = ({ calls }: typeof searched) =>
          calls.flatMap((call) => (call.kind === 'train' ? [[call.labels, call.options.learningRate]] : []))
        const shared = Math.min(steps(searched).length, steps(calibrated).length)
        expect(steps(searched).slice(0, shared)).toEqual(steps(calibrated).slice(0, shared))
      }),
    )
  })
})

function network(accuracy: number): CalibratedNetwork {
  const outcome: Outcome = {
    kind: 'scored',
    score: accuracy,
    metric: 'train-accuracy',
    trainAccuracy: accuracy,
    validationAccuracy: null,
    cost: noCost,
    phases: {},
  }
  return { architecture: `|a~${accuracy}|`, outcome }
}

const spent = { cost: noCost, phases: {} }

describe('the threshold', () => {
  it('is the median of what the networks reach', () => {
    expect(thresholdFrom([0.9, 0.1, 0.7, 0.6, 0.8].map(network), 10)).toBe(0.7)
    expect(thresholdFrom([0.5, 0.75].map(network), 10)).toBe(0.625)
  })

  it.each<[string, Outcome, string]>([
    ['diverged', { kind: 'diverged', phase: 'train', epoch: 1, ...spent }, 'it diverged in epoch 1. Lower'],
    [
      'timed-out',
      { kind: 'timed-out', limitSeconds: 60, ...spent },
      'it took longer than 60 s. Raise trialTimeout, or',
    ],
    ['failed', { kind: 'failed', message: 'out of memory', ...spent }, 'out of memory. Fix this, or set'],
  ])('is an error that says what to do where one %s', (_, outcome, text) => {
    const networks = [network(0.7), { architecture: '|none~0|', outcome }, network(0.6)]
    expect(() => thresholdFrom(networks, 10)).toThrow("calibration of FEAR's threshold failed at |none~0|: ")
    expect(() => thresholdFrom(networks, 10)).toThrow(text)
  })

  it('is an error where half of the networks do no better than guessing', () => {
    expect(() => thresholdFrom([0.5, 0.505, 0.7].map(network), 2)).toThrow(/at most 0.505 .* guessing gives 0.500/)
    expect(thresholdFrom([0.5, 0.52, 0.7].map(network), 2)).toBe(0.52)
    // What FEAR's authors use for their synthetic images.
    expect(thresholdFrom([network(0.15)], 10)).toBe(0.15)
  })
})
