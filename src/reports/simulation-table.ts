import chalk from 'chalk'
import type { OverSearches, RegretCurves, SimulatedArm, SimulationResult } from '../studies/simulate/simulation.js'
import { formatAccuracy, formatCoefficient, formatDuration, formatPoints } from './format.js'
import { textTable } from './text-table.js'

const columns: readonly (readonly [title: string, cell: (arm: SimulatedArm) => string])[] = [
  ['strategy', (arm) => arm.strategy],
  ['selecting by', (arm) => arm.select],
  ['accuracy', (arm) => chalk.bold(withInterval(arm.accuracy, formatAccuracy))],
  ['+-', (arm) => (arm.accuracy.deviation === null ? '-' : (100 * arm.accuracy.deviation).toFixed(2))],
  ['regret', (arm) => formatRegret(arm.regret.mean)],
  ['found the best', (arm) => `${(100 * arm.foundBest).toFixed(1)} %`],
  ['against truth', (arm) => (arm.againstReport === null ? '-' : withInterval(arm.againstReport, formatPoints))],
  ['simulated time', (arm) => (arm.seconds === null ? '-' : formatDuration(arm.seconds.mean))],
]

/** Number of points of the regret curves to show. */
const shownPoints = 6

/**
 * The result of a simulation for a terminal: a line per strategy and selection, the regret during the searches, and the
 * rank agreement of each column.
 */
export function renderSimulation(result: SimulationResult, report: string): string {
  const arms = textTable(
    columns.map(([title]) => chalk.cyan(title)),
    result.arms.map((arm) => columns.map(([, cell]) => cell(arm))),
  )
  return [
    arms,
    `accuracy: ${report}, mean of the searches [95 % interval of the mean, of three or more], +- their standard deviation, in points`,
    `against truth: what selecting by the column costs against selecting by ${report} itself`,
    ...[regretTable(result.curves)].filter((text) => text !== ''),
    `best of ${result.architectures}: ${formatAccuracy(result.best.accuracy)}  ${result.best.architecture}`,
    ...result.ranking.map(({ select, agreement }) => {
      const parts = agreement.map(
        ({ percent, spearman, kendall }) =>
          `${percent === 100 ? 'all' : `the top ${percent} %`} ${formatCoefficient(spearman)}, ${formatCoefficient(kendall)}`,
      )
      return `${select} ranks by ${report} (Spearman, Kendall) over ${parts.join('; ')}`
    }),
  ].join('\n')
}

/** Mean regret in points, a row per curve, at evenly spaced points of the curve. */
function regretTable(curves: readonly RegretCurves[]): string {
  const points = curves[0]?.byTrials ?? []
  // Searches that end by seconds have different numbers of trials.
  if (curves.some(({ byTrials }) => byTrials.at(-1)?.at !== points.at(-1)?.at)) return ''
  const steps = Math.min(shownPoints, points.length)
  const shown = Array.from({ length: steps }, (_, i) => Math.round((i * (points.length - 1)) / Math.max(1, steps - 1)))
  return textTable(
    ['regret after trials', ...shown.map((index) => String(points[index]?.at))].map((title) => chalk.cyan(title)),
    curves.map(({ strategy, select, byTrials }) => [
      `${strategy}, ${select}`,
      ...shown.map((index) => formatRegret(byTrials[index]?.regret.mean)),
    ]),
  )
}

function formatRegret(regret: number | undefined): string {
  return regret === undefined ? '-' : (100 * regret).toFixed(2)
}

function withInterval({ mean, low, high }: OverSearches, format: (value: number) => string): string {
  if (low === null || high === null) return `${format(mean)} [-]`
  const bare = (value: number): string => format(value).replace(/ (%|points)$/, '')
  return `${format(mean)} [${bare(low)}, ${bare(high)}]`
}
