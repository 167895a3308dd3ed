import chalk from 'chalk'
import { outcomeKinds } from '../evaluators/outcome.js'
import { counted } from '../platform/count.js'
import type { RankingSummary } from '../results/ranking-summary.js'
import { leastPairs, leastUnits } from '../statistics/interval.js'
import type { Estimate, MethodResult, SubsetAgreement } from '../studies/index.js'
import { describeCalibration } from './calibration-text.js'
import { boundsOf, formatCoefficient } from './format.js'
import { mixedDevices } from './mixed-devices.js'
import { textTable } from './text-table.js'

type Column = readonly [title: string, cell: (method: MethodResult) => string]

const columns: readonly Column[] = [
  ['scored', outcomeList],
  ['seconds', (method) => secondsText(subsetOf(method, 100))],
  ['Spearman, top 20 %', (method) => withInterval(subsetOf(method, 20)?.spearman)],
  ['Spearman, all', (method) => withInterval(subsetOf(method, 100)?.spearman)],
  ['Kendall, all', (method) => formatCoefficient(subsetOf(method, 100)?.kendall.value ?? null)],
  ['common ratio, top 20 %', (method) => formatCoefficient(subsetOf(method, 20)?.commonRatio.value ?? null)],
]

/**
 * The result of a ranking for a terminal: a row per method, over the architectures that all methods scored.
 * `summary.json` has all percentages, intervals, and each method's own architectures.
 */
export function renderRanking(
  { architectures, commonArchitectures, methods, ...summary }: RankingSummary,
  width?: number,
): string {
  const table = textTable(
    ['', ...columns.map(([title]) => chalk.cyan(title))],
    methods.map((method) => [method.name, ...columns.map(([, cell]) => cell(method))]),
    width,
  )
  const truths = architectures.filter(({ truth }) => truth !== null).length
  const reused = summary.reusedTruths > 0 ? ` (${summary.reusedTruths} reused from earlier runs)` : ''
  return [
    table,
    `truth: ${summary.truth.accuracy} accuracy after full training of ${counted(truths, 'architecture')}${reused}`,
    `figures cover the ${counted(commonArchitectures, 'architecture')} that every method scored, with 95 % bootstrap intervals;`,
    'seconds are compute time per architecture; top 20 % is by truth',
    ...missingIntervals(methods.flatMap((method) => [subsetOf(method, 20), subsetOf(method, 100)])),
    ...methods.flatMap(({ name, calibration }) =>
      calibration == null
        ? []
        : `${name}: calibrated threshold ${describeCalibration(calibration)}, not included in the seconds`,
    ),
    ...mixedDevices(summary),
  ].join('\n')
}

function subsetOf({ common }: MethodResult, percent: number): SubsetAgreement | undefined {
  return common.find((subset) => subset.percent === percent)
}

function outcomeList({ outcomes }: MethodResult): string {
  const others = outcomeKinds.filter((kind) => kind !== 'scored' && outcomes[kind] > 0)
  return [String(outcomes.scored), ...others.map((kind) => `${outcomes[kind]} ${kind}`)].join(', ')
}

/** Why some estimates have no interval, if so. */
export function missingIntervals(subsets: readonly (SubsetAgreement | undefined)[]): readonly string[] {
  const estimates = subsets.flatMap((subset) => (subset === undefined ? [] : [subset.spearman, subset.commonRatio]))
  if (estimates.every(({ low, value }) => value === null || low !== null)) return []
  return [`[-]: an interval needs at least ${leastPairs} architectures, for a common ratio ${leastUnits}`]
}

/** Zero-cost measures take a thousandth of the time of training. */
function secondsText(subset: SubsetAgreement | undefined): string {
  const mean = subset?.seconds.mean ?? null
  return mean === null ? '-' : mean.toPrecision(3)
}

function withInterval(estimate: Estimate | undefined): string {
  if (estimate === undefined) return '-'
  return `${formatCoefficient(estimate.value)}${chalk.dim(boundsOf(estimate))}`
}
