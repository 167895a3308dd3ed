import chalk from 'chalk'
import { counted } from '../platform/count.js'
import type { InTrainingResult, ScoreCurve, ScoreCurvePoint, ScoreCurves } from '../studies/index.js'
import { formatBounds, formatCoefficient } from './format.js'
import { changeOf, notFiniteLines, othersOf, overTop, reachedText, signedCoefficient } from './in-training-figures.js'
import { textTable } from './text-table.js'

/**
 * Measures during training, for a terminal: a row per score, a column per number of epochs, with Spearman over all
 * architectures. `summary.json` has the rest.
 */
export function renderInTraining({ epochs, evaluator, outcomes, threshold }: InTrainingResult): string {
  const lines = [
    spearmanTable(epochs, evaluator.epochs),
    `Spearman over ${counted(epochs.architectures, 'architecture')} of score and truth, by epochs of training${othersOf(outcomes)};`,
    'in brackets 95 % bootstrap intervals; change: from the first column to the last, on the same resamples',
    ...notFiniteLines(epochs),
  ]
  if (threshold === null) return lines.join('\n')
  const points = threshold.curves[0]?.points.map(({ at }) => at) ?? []
  return [
    ...lines,
    spearmanTable(threshold, points),
    `the same over ${reachedText(threshold)}`,
    ...notFiniteLines(threshold),
  ].join('\n')
}

function spearmanTable({ curves }: ScoreCurves, points: readonly ScoreCurvePoint['at'][]): string {
  const head = ['epochs', ...points.map(String), 'change']
  return textTable(
    head.map((text) => chalk.cyan(text)),
    curves.map(({ name, points: shown }) => {
      const cells = points.map((at) => spearmanText(shown.find((point) => point.at === at)))
      return [name, ...cells, changeText(shown)]
    }),
  )
}

function spearmanText(point: ScoreCurvePoint | undefined): string {
  return formatCoefficient(overTop(point, 100)?.spearman.value ?? null)
}

function changeText(points: ScoreCurve['points']): string {
  const change = changeOf(points)
  return change === null ? '-' : `${signedCoefficient(change.value)}${chalk.dim(formatBounds(change))}`
}
