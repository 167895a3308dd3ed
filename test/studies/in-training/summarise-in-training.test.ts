import { describe, expect, it } from 'vitest'
import type { InTrainingOptions } from '../../../src/evaluators/measures-in-training/settings.js'
import type { Snapshot } from '../../../src/evaluators/measures-in-training/snapshot.js'
import { noCost, type Outcome } from '../../../src/evaluators/outcome.js'
import type { CurveName, ScoreCurves } from '../../../src/studies/in-training/in-training.js'
import { summariseInTraining } from '../../../src/studies/in-training/summarise-in-training.js'

const evaluator: InTrainingOptions = {
  name: 'measures-in-training',
  measures: ['snip', 'jacob_cov'],
  batch: 4,
  epochs: [0, 2],
  training: 'paper',
  threshold: 0.5,
}

/** What is seen of a network: epochs before, train accuracy, validation accuracy, snip, jacob_cov. */
type Look = readonly [epochs: number, train: number | null, validation: number, snip: number, jacobCov: number | null]

function snapshot([epochs, trainAccuracy, validationAccuracy, snip, jacob_cov]: Look): Snapshot {
  const seconds = { train: 10 * epochs, validate: 2, measures: { snip: 0.5, jacob_cov: 0.25 } }
  return { epochs, trainAccuracy, validationAccuracy, measures: { snip, jacob_cov }, seconds }
}

function trial(index: number, looks: readonly Look[], kind: 'scored' | 'diverged' = 'scored') {
  const cost = { ...noCost, computeSeconds: 3 }
  const base = { cost, phases: { train: cost }, snapshots: looks.map(snapshot) }
  const outcome: Outcome =
    kind === 'diverged'
      ? { kind, phase: 'train', epoch: 1, ...base }
      : { kind, score: 0, metric: 'validation-accuracy', trainAccuracy: 0, validationAccuracy: 0, ...base }
  return { index, architecture: `architecture ${index}`, outcome }
}

// By truth the order is 0, 1, 2, 3; 4 diverged after its first look, and 5 has no truth.
const trials = [
  trial(0, [
    [0, null, 0.1, 40, -7],
    [1, 0.5, 0.5, 20, -3],
    [2, 0.9, 0.9, 10, null],
  ]),
  trial(1, [
    [0, null, 0.1, 30, null],
    [2, 0.7, 0.8, 20, -5],
  ]),
  trial(2, [
    [0, null, 0.2, 20, null],
    [2, 0.8, 0.7, 30, -6],
  ]),
  trial(3, [
    [0, null, 0.3, 10, -9],
    [2, 0.4, 0.6, 40, -8],
  ]),
  trial(4, [[0, null, 0.1, 99, -1]], 'diverged'),
  trial(5, [
    [0, null, 0.1, 99, -1],
    [2, 0.9, 0.9, 99, -1],
  ]),
]
const ranked = [0.95, 0.85, 0.75, 0.65, 0.55, null].map((truth, index) => ({ trial: index, truth }))
const result = summariseInTraining(evaluator, { trials, wallSeconds: 7 }, ranked, { seed: 1, bootstrap: 200 })

const point = ({ curves }: ScoreCurves, name: CurveName, at: number | 'threshold') =>
  curves.find((curve) => curve.name === name)?.points.find((candidate) => candidate.at === at)
const overall = (curves: ScoreCurves, name: CurveName, at: number | 'threshold', percent = 100) =>
  point(curves, name, at)?.subsets.find((subset) => subset.percent === percent)

describe('measures in training worked out by hand', () => {
  it('are over the architectures that have a truth and were measured at every point', () => {
    expect(result).toMatchObject({ outcomes: { scored: 5, diverged: 1 }, computeSeconds: 18, wallSeconds: 7 })
    expect(result.epochs.architectures).toBe(4)
    expect(overall(result.epochs, 'snip', 0)?.architectures).toBe(4)
    expect(overall(result.epochs, 'snip', 0, 50)?.architectures).toBe(2)
  })

  it('have a curve for each measure and for both accuracies, at the epochs asked for', () => {
    expect(result.epochs.curves.map(({ name, points }) => [name, points.map(({ at }) => at)])).toEqual([
      ['snip', [0, 2]],
      ['jacob_cov', [0, 2]],
      ['train-accuracy', [2]],
      ['validation-accuracy', [0, 2]],
    ])
  })

  it('rank by Spearman, Kendall and the common ratio', () => {
    expect(overall(result.epochs, 'snip', 0)).toMatchObject({
      spearman: { value: 1, low: null, high: null },
      kendall: { value: 1 },
    })
    expect(overall(result.epochs, 'snip', 2)).toMatchObject({ spearman: { value: -1 }, kendall: { value: -1 } })
    expect(overall(result.epochs, 'snip', 0, 50)?.commonRatio.value).toBe(1)
    expect(overall(result.epochs, 'snip', 2, 50)?.commonRatio.value).toBe(0)
    // By truth 0.9 0.7 0.8 0.4: ranks 1 3 2 4 from the best, differences 0 1 1 0.
    expect(overall(result.epochs, 'train-accuracy', 2)?.spearman.value).toBeCloseTo(1 - (6 * 2) / (4 * 15), 12)
    // Ties share their rank: truth 4 3 2 1, score 1.5 1.5 3 4; covariance -4.5 over sqrt(5 * 4.5).
    expect(overall(result.epochs, 'validation-accuracy', 0)?.spearman.value).toBeCloseTo(-4.5 / Math.sqrt(22.5), 12)
  })

  it('tell how much worse a score ranks than where its curve begins', () => {
    expect(overall(result.epochs, 'snip', 0)?.decline).toEqual({ value: 0, low: null, high: null })
    expect(overall(result.epochs, 'snip', 2)?.decline).toEqual({ value: 2, low: null, high: null })
    expect(overall(result.epochs, 'train-accuracy', 2)?.decline.value).toBe(0)
  })

  it('count a score that is not a finite number as the worst, and say of how many', () => {
    // At 0 epochs -7, none, none, -9: ranks 4, 1.5, 1.5, 3 against 4, 3, 2, 1; covariance 1.5 over sqrt(5 * 4.5).
    expect(overall(result.epochs, 'jacob_cov', 0)?.spearman.value).toBeCloseTo(1.5 / Math.sqrt(22.5), 12)
    expect(point(result.epochs, 'jacob_cov', 0)?.notFinite).toBe(2)
    // At 2 epochs none, -5, -6, -8: the best by truth is the worst, the others in order.
    expect(overall(result.epochs, 'jacob_cov', 2)?.spearman.value).toBeCloseTo(1 - (6 * (9 + 1 + 1 + 1)) / 60, 12)
    expect(point(result.epochs, 'jacob_cov', 2)?.notFinite).toBe(1)
    expect(point(result.epochs, 'snip', 2)?.notFinite).toBe(0)
  })

  it('cost the training up to there and the score', () => {
    const seconds = (name: CurveName, at: number) => overall(result.epochs, name, at)?.seconds.mean
    expect([seconds('snip', 0), seconds('snip', 2)]).toEqual([0.5, 20.5])
    expect([seconds('train-accuracy', 2), seconds('validation-accuracy', 2)]).toEqual([20, 22])
  })

  it('at the threshold are over those that reached it, against their beginning', () => {
    // 0 after one epoch, 1 and 2 after two; 3 never.
    const { threshold } = result
    if (threshold === null) expect.fail('there is a threshold')
    expect(threshold).toMatchObject({ trainAccuracy: 0.5, architectures: 3 })
    expect(threshold.epochs.mean).toBeCloseTo(5 / 3, 12)
    expect(threshold.curves[0]?.points.map(({ at }) => at)).toEqual([0, 'threshold'])
    expect(overall(threshold, 'snip', 0)?.spearman.value).toBeCloseTo(1, 12)
    // 20, 20, 30 against 3, 2, 1: -1.5 over sqrt(2 * 1.5).
    expect(overall(threshold, 'snip', 'threshold')?.spearman.value).toBeCloseTo(-1.5 / Math.sqrt(3), 12)
    // -3, -5, -6.
    expect(overall(threshold, 'jacob_cov', 'threshold')?.spearman.value).toBeCloseTo(1, 12)
  })

  it('have no threshold where none was asked for, and nothing where nothing was measured', () => {
    const options = { ...evaluator, threshold: null }
    const none = summariseInTraining(options, { trials: [], wallSeconds: 0 }, ranked, { seed: 1, bootstrap: 10 })
    expect(none).toMatchObject({ threshold: null, epochs: { architectures: 0 } })
    expect(overall(none.epochs, 'snip', 0)?.spearman).toEqual({ value: null, low: null, high: null })
  })

  it('have the same intervals every time', () => {
    const again = summariseInTraining(evaluator, { trials, wallSeconds: 7 }, ranked, { seed: 1, bootstrap: 200 })
    expect(again).toEqual(result)
  })
})
