import chalk from 'chalk'
import type { PooledComparison, PooledFigure, RepetitionsSummary } from '../results/repetitions.js'
import { formatBarePoints, formatBounds, formatCoefficient, formatPoints, formatRatio } from './format.js'
import { textTable } from './text-table.js'

type Row = readonly [
  title: string,
  figure: (comparison: PooledComparison) => PooledFigure,
  format: (value: number) => string,
  /** Format of the bounds; default: two decimals. */
  formatBound?: (value: number) => string,
]

const rows: readonly Row[] = [
  ['speed-up, compute time', ({ speedup }) => speedup.computeSeconds, formatRatio],
  ['speed-up, wall-clock time', ({ speedup }) => speedup.wallSeconds, formatRatio],
  ['speed-up, training work', ({ speedup }) => speedup.trainingFlops, formatRatio],
  ['test accuracy', (comparison) => comparison.testAccuracyDifference, formatPoints, formatBarePoints],
  ['Spearman of the scores', ({ spearman }) => spearman, formatCoefficient],
  ['Kendall of the scores', ({ kendall }) => kendall, formatCoefficient],
]

/** Repetitions for a terminal: a column per arm, with the mean over the seeds and its interval. */
export function renderRepetitions({ comparisons, seeds }: RepetitionsSummary, columns?: number): string {
  const arms = Object.entries(comparisons)
  const against = arms[0]?.[1].against ?? 'full training'
  const table = textTable(
    [`against ${against}`, ...arms.map(([name]) => chalk.cyan(name))],
    rows.map(([title, figure, ...formats]) => [
      title,
      ...arms.map(([, comparison]) => cell(figure(comparison), ...formats)),
    ]),
    columns,
  )
  const bounds = "in brackets: Student's 95 % interval, which takes at least three seeds"
  return `${table}\nmeans over the seeds ${seeds.join(', ')}; ${bounds}`
}

function cell(figure: PooledFigure, format: Row[2], formatBound?: Row[3]): string {
  if (figure.mean === null) return '-'
  return `${format(figure.mean)}${chalk.dim(formatBounds(figure, formatBound))}`
}
