import { describe, expect, it } from 'vitest'
import { renderInTraining } from '../../src/reports/in-training-table.js'
import type { CurveName, InTrainingResult, ScoreCurve, ScoreCurvePoint } from '../../src/studies/index.js'

function point(at: ScoreCurvePoint['at'], spearman: number | null, decline: number, notFinite = 0): ScoreCurvePoint {
  const none = { value: null, low: null, high: null }
  const subset = {
    percent: 100,
    architectures: 30,
    spearman: { value: spearman, low: null, high: null },
    kendall: none,
    commonRatio: none,
    decline: { value: decline, low: decline - 0.1, high: decline + 0.2 },
    seconds: { mean: null, standardError: null },
  }
  return { at, notFinite, subsets: [{ ...subset, percent: 20, spearman: { ...none, value: 0.999 } }, subset] }
}

const curve = (name: CurveName, ...points: readonly ScoreCurvePoint[]): ScoreCurve => ({ name, points })

const result: InTrainingResult = {
  evaluator: {
    name: 'measures-in-training',
    measures: ['jacob_cov'],
    batch: 4,
    epochs: [0, 8],
    training: 'paper',
    threshold: 0.6,
  },
  outcomes: { scored: 30, rejected: 0, 'below-threshold': 0, diverged: 1, 'timed-out': 0, aborted: 0, failed: 2 },
  computeSeconds: 1,
  wallSeconds: 1,
  epochs: {
    architectures: 30,
    curves: [
      curve('jacob_cov', point(0, 0.75, 0, 3), point(8, 0.25, 0.5, 1)),
      curve('train-accuracy', point(8, 0.875, 0)),
      curve('validation-accuracy', point(0, null, 0), point(8, 0.625, -0.25)),
    ],
  },
  threshold: {
    trainAccuracy: 0.6,
    architectures: 25,
    epochs: { mean: 2.25, standardError: 0.1 },
    curves: [curve('jacob_cov', point(0, 0.5, 0), point('threshold', 0.25, 0.25))],
  },
}

const linesOf = (text: string): string[] => text.split('\n')
const cells = (lines: readonly string[], start: string): readonly (readonly string[])[] =>
  lines
    .filter((line) => line.startsWith(`│ ${start}`))
    .map((line) =>
      line
        .split('│')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )

describe('the table of measures in training', () => {
  const lines = linesOf(renderInTraining(result))

  it('has a row for each score and a column for each number of epochs, over all architectures', () => {
    expect(cells(lines, 'epochs')).toEqual([
      ['epochs', '0', '8', 'change'],
      ['epochs', '0', 'threshold', 'change'],
    ])
    expect(cells(lines, 'jacob_cov')).toEqual([
      ['jacob_cov', '0.750', '0.250', '-0.500 [-0.70, -0.40]'],
      ['jacob_cov', '0.500', '0.250', '-0.250 [-0.45, -0.15]'],
    ])
    expect(cells(lines, 'train-accuracy')).toEqual([['train-accuracy', '-', '0.875', '-']])
    expect(cells(lines, 'validation')).toEqual([['validation-accuracy', '-', '0.625', '+0.250 [0.05, 0.35]']])
  })

  it('says over how many, and what is missing', () => {
    const text = lines.join(' ')
    expect(text).toContain('Spearman over 30 architectures')
    expect(text).toContain('(1 diverged, 2 failed)')
    expect(text).toContain('jacob_cov of some architectures is not a finite number and ranks last: 3 at 0, 1 at 8')
    expect(text).toContain(
      '25 architectures that reached a training accuracy of 0.6, at that point: after 2.3 epochs on average',
    )
  })

  it('fits on a wide terminal', () => {
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(140)
  })

  it('has one table where there is no threshold', () => {
    expect(cells(linesOf(renderInTraining({ ...result, threshold: null })), 'epochs')).toHaveLength(1)
  })
})
