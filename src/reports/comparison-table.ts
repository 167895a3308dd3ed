import chalk from 'chalk'
import { counted } from '../platform/count.js'
import type { ComparisonSummary, Summary } from '../results/summary.js'
import { type Interval, leastUnits, leastValues } from '../statistics/interval.js'
import type { Resampling } from '../studies/index.js'
import { formatBarePoints, formatBounds, formatCoefficient, formatPoints, formatRatio } from './format.js'
import { textTable } from './text-table.js'

/** The least number of values for an interval. */
const leastSearches = leastValues(0.95)

type Spent = keyof ComparisonSummary['speedup']

/** The compared quantities, the most important first. */
export const spentRows: readonly (readonly [title: string, unit: Spent])[] = [
  ['speed-up, compute time', 'computeSeconds'],
  ['speed-up, wall-clock time', 'wallSeconds'],
  ['speed-up, training work', 'trainingFlops'],
]

/** Every arm compared with full training, with intervals in brackets. Empty for a single arm. */
export function renderComparisons({ comparisons, resampling }: Summary, columns?: number): readonly string[] {
  const arms = Object.entries(comparisons)
  const [first] = arms
  if (first === undefined) return []
  const rows: string[][] = []
  for (const [title, unit] of spentRows) {
    rows.push([
      title,
      ...arms.map(([name, { speedup }]) => {
        const ratio = formatRatio(speedup[unit])
        return withInterval(
          unit === 'computeSeconds' ? chalk.bold(ratio) : ratio,
          intervals(resampling, name)?.speedup[unit],
        )
      }),
    ])
  }
  rows.push([
    'test accuracy',
    ...arms.map(([name, { testAccuracyDifference }]) =>
      withInterval(
        chalk.bold(formatPoints(testAccuracyDifference)),
        intervals(resampling, name)?.testAccuracyDifference,
        formatBarePoints,
      ),
    ),
  ])
  rows.push(['Spearman of the scores', ...arms.map(([, arm]) => coefficient(arm.rankCorrelation, 'spearman'))])
  rows.push(['Kendall of the scores', ...arms.map(([, arm]) => coefficient(arm.rankCorrelation, 'kendall'))])
  const table = textTable([`against ${first[1].against}`, ...arms.map(([n]) => chalk.cyan(n))], rows, columns)
  return [table, ...(resampling === null ? [] : renderResampling(resampling))]
}

function intervals(resampling: Resampling | null, arm: string): Resampling['comparisons'][string] | undefined {
  return resampling?.comparisons[arm]
}

function withInterval(text: string, interval: Interval | null | undefined, format?: (value: number) => string): string {
  return `${text}${chalk.dim(formatBounds(interval, format))}`
}

function coefficient(correlation: ComparisonSummary['rankCorrelation'], kind: 'spearman' | 'kendall'): string {
  return `${formatCoefficient(correlation[kind])} (of ${correlation.trials})`
}

/** How the intervals were computed, and the cheapest equally accurate short training. */
function renderResampling(resampling: Resampling): readonly string[] {
  const equal = Object.entries(resampling.comparisons).flatMap(([name, { equalAccuracy }]) => {
    if (equalAccuracy === null) return []
    const { against, speedup, testAccuracyDifference } = equalAccuracy
    return [
      `${name} against ${against}, the cheapest equally accurate short training: ` +
        `${withInterval(chalk.bold(formatRatio(speedup.computeSeconds?.mean ?? null)), speedup.computeSeconds)} in compute time, ` +
        `${formatPoints(testAccuracyDifference?.mean ?? null)} of test accuracy`,
    ]
  })
  return [howResampled(resampling), ...limitsOf(resampling), ...equal, ...extrapolations(resampling)]
}

/** What the intervals cover. */
export function howResampled({ architectures, measured, replacement, searches }: Resampling): string {
  return (
    `in brackets: 95 % of ${counted(searches, 'search', 'searches')} of ${counted(architectures, 'architecture')}, drawn ` +
    `${replacement ? 'with' : 'without'} replacement from the ${measured} measured; their wall-clock times are scheduled from compute ` +
    'seconds alone; a measured one includes all waiting, and may lie outside its interval'
  )
}

/** Why figures have no interval, and which searches were left out. */
export function limitsOf({ comparisons, searches }: Resampling): readonly string[] {
  const all = Object.entries(comparisons)
  const figures = all.flatMap(([, { speedup, testAccuracyDifference }]) => [
    ...Object.values(speedup),
    testAccuracyDifference,
  ])
  const isMissing = figures.some((interval) => interval !== null && interval.low === null)
  const leftOut = all.flatMap(([name, { leftOut = 0 }]) =>
    leftOut === 0
      ? []
      : `${name}: ${leftOut} of ${counted(searches, 'search', 'searches')} left out, because an arm ended without a network`,
  )
  return [
    ...(isMissing
      ? [`[-]: an interval needs at least ${leastUnits} measured architectures and ${leastSearches} searches`]
      : []),
    ...leftOut,
  ]
}

/** The number of extrapolated trials in the replays of each arm. */
export function extrapolations({ arms }: Resampling): readonly string[] {
  return Object.entries(arms).flatMap(([name, arm]) =>
    arm.extrapolated === 0
      ? []
      : `${name}: ${arm.extrapolated.toFixed(2)} evaluations per search are extrapolated beyond the measurement and assumed to get no score`,
  )
}
