import chalk from 'chalk'
import Table from 'cli-table3'
import { outcomeKinds } from '../evaluators/outcome.js'
import type {
  CurveSubset,
  InTrainingResult,
  OutcomeCounts,
  ScoreCurve,
  ScoreCurvePoint,
  ScoreCurves,
} from '../studies/index.js'
import { formatBounds, formatCoefficient } from './format.js'
import { plainTable } from './plain-table.js'

/**
 * How measures rank as training proceeds, for a terminal: a row for each score, a column for each number of epochs, in
 * them the Spearman over all architectures. `summary.json` has everything else.
 */
export function renderInTraining({ epochs, evaluator, outcomes, threshold }: InTrainingResult): string {
  const lines = [
    spearmanTable(epochs, evaluator.epochs),
    `Spearman over ${epochs.architectures} architectures of the score after so many epochs with the truth${othersOf(outcomes)};`,
    'in brackets 95 % bootstrap intervals; change: from the first column to the last, on the same resamples',
    ...notFiniteLines(epochs),
  ]
  if (threshold === null) return lines.join('\n')
  const points = threshold.curves[0]?.points.map(({ at }) => at) ?? []
  const mean = threshold.epochs.mean
  const reached = `the ${threshold.architectures} architectures that reached a train accuracy of ${threshold.trainAccuracy}`
  return [
    ...lines,
    spearmanTable(threshold, points),
    `the same over ${reached}, when they did${mean === null ? '' : `: after ${mean.toFixed(1)} epochs in the mean`}`,
    ...notFiniteLines(threshold),
  ].join('\n')
}

function spearmanTable({ curves }: ScoreCurves, points: readonly ScoreCurvePoint['at'][]): string {
  const head = ['epochs', ...points.map(String), 'change']
  const table = new Table({ ...plainTable, head: head.map((text) => chalk.cyan(text)) })
  for (const { name, points: shown } of curves) {
    const cells = points.map((at) => formatCoefficient(allOf(shown.find((point) => point.at === at))))
    table.push([name, ...cells, changeOf(shown)])
  }
  return table.toString()
}

function overAll(point: ScoreCurvePoint | undefined): CurveSubset | undefined {
  return point?.subsets.find(({ percent }) => percent === 100)
}

function allOf(point: ScoreCurvePoint | undefined): number | null {
  return overAll(point)?.spearman.value ?? null
}

function changeOf(points: ScoreCurve['points']): string {
  const decline = points.length < 2 ? undefined : overAll(points.at(-1))?.decline
  if (decline === undefined || decline.value === null) return '-'
  const { value, low, high } = decline
  const bounds = { low: high === null ? null : -high, high: low === null ? null : -low }
  return `${value > 0 ? '-' : '+'}${Math.abs(value).toFixed(3)}${chalk.dim(formatBounds(bounds))}`
}

function othersOf(outcomes: OutcomeCounts): string {
  const others = outcomeKinds.filter((kind) => kind !== 'scored' && outcomes[kind] > 0)
  return others.length === 0 ? '' : ` (${others.map((kind) => `${outcomes[kind]} ${kind}`).join(', ')})`
}

/** Which scores are no number for some architectures, and where. */
function notFiniteLines({ curves }: ScoreCurves): readonly string[] {
  return curves.flatMap(({ name, points }) => {
    const some = points.filter(({ notFinite }) => notFinite > 0)
    if (some.length === 0) return []
    const places = some.map(({ at, notFinite }) => `${notFinite} at ${at}`)
    return `${name} is not a finite number, and counts as the worst, of architectures: ${places.join(', ')}`
  })
}
