import chalk from 'chalk'
import Table from 'cli-table3'
import { outcomeKinds } from '../evaluators/outcome.js'
import { describeCalibration } from './calibration-text.js'
import { renderComparisons } from './comparison-table.js'
import { formatAccuracy, formatDuration, formatFlops } from './format.js'
import { renderPareto } from './pareto-table.js'
import { plainTable } from './plain-table.js'
import type { ArmSummary, Summary } from './summary.js'

type Row = readonly [title: string, cell: (arm: ArmSummary) => string, importance?: 'important']

const rows: readonly Row[] = [
  ['evaluator', (arm) => arm.evaluator],
  ['architectures', (arm) => `${arm.trials} (${outcomeList(arm)})`],
  ['evaluation, compute time', (arm) => formatDuration(arm.evaluationSeconds)],
  ['full training of finalists', (arm) => formatDuration(arm.finalistSeconds)],
  ['compute time in all', (arm) => formatDuration(arm.computeSeconds), 'important'],
  ['wall-clock time', (arm) => formatDuration(arm.wallSeconds)],
  ['training work', (arm) => formatFlops(arm.trainingFlops)],
  ['validation accuracy of the best', (arm) => formatAccuracy(arm.best?.validationAccuracy ?? null)],
  ['test accuracy of the best', (arm) => formatAccuracy(arm.best?.testAccuracy ?? null), 'important'],
]

/** The end of a run, for a terminal: a column for each arm, the best architectures, and the comparison. */
export function renderSummary(summary: Summary): string {
  const arms = Object.entries(summary.arms)
  const table = new Table({
    head: ['', ...arms.map(([name]) => chalk.cyan(name))],
    ...plainTable,
  })
  for (const [title, cell, importance] of armRows(arms)) {
    const style = importance === undefined ? String : chalk.bold
    table.push([title, ...arms.map(([, arm]) => style(cell(arm)))])
  }
  const best = arms.map(
    ([name, arm]) => `best of ${name}: ${arm.best?.architecture ?? 'no network was trained in full'}`,
  )
  return [table.toString(), ...best, ...renderPareto(summary), ...renderComparisons(summary)].join('\n')
}

/**
 * What is said of arms, line by line, wherever it is said. What was kept of the space, and the threshold that an arm had
 * to find, stand before what they were used for.
 */
export function armRows(arms: readonly (readonly [string, ArmSummary])[]): readonly Row[] {
  const first: Row[] = []
  // Runs of older versions have none of these.
  if (arms.some(([, { prefilter }]) => prefilter != null)) {
    first.push(['prefilter', ({ prefilter }) => describePrefilter(prefilter ?? null)])
  }
  if (arms.some(([, { calibration }]) => calibration != null)) {
    first.push(['threshold found', ({ calibration }) => describeCalibration(calibration)])
  }
  return rows.toSpliced(1, 0, ...first)
}

/** `synflow: 40 kept of 134 (1.2 s)`; a dash for none. */
function describePrefilter(prefilter: ArmSummary['prefilter']): string {
  if (prefilter === null) return '-'
  const { computeSeconds, kept, measure, pool } = prefilter
  return `${measure}: ${kept} kept of ${pool} (${formatDuration(computeSeconds)})`
}

function outcomeList(arm: ArmSummary): string {
  const present = outcomeKinds.filter((kind) => arm.outcomes[kind] > 0)
  return present.map((kind) => `${arm.outcomes[kind]} ${kind}`).join(', ') || 'none finished'
}
