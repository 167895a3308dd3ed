import chalk from 'chalk'
import type { Latency } from '../benchmarks/latency.js'
import { outcomeKinds } from '../evaluators/outcome.js'
import { counted } from '../platform/count.js'
import type { ArmSummary, Summary } from '../results/summary.js'
import { describeBudget } from './budget-text.js'
import { describeCalibration } from './calibration-text.js'
import { renderComparisons } from './comparison-table.js'
import { formatAccuracy, formatDuration, formatFlops, formatMilliseconds, formatSpeed } from './format.js'
import { mixedDevices } from './mixed-devices.js'
import { renderPareto } from './pareto-table.js'
import { textTable } from './text-table.js'

type Row = readonly [title: string, cell: (arm: ArmSummary) => string, importance?: 'important']

const rows: readonly Row[] = [
  ['evaluator', (arm) => arm.evaluator],
  ['architectures', trialsText],
  ['budget of the search', (arm) => describeBudget(arm.budget)],
  ['evaluation, compute time', (arm) => formatDuration(arm.evaluationSeconds)],
  ['full training of finalists', (arm) => formatDuration(arm.finalistSeconds)],
  ['total compute time', (arm) => formatDuration(arm.computeSeconds), 'important'],
  ['wall-clock time', (arm) => formatDuration(arm.wallSeconds)],
  ['training work', (arm) => formatFlops(arm.trainingFlops)],
  ['best validation accuracy', (arm) => formatAccuracy(arm.best?.validationAccuracy ?? null)],
  ['test accuracy of the final network', (arm) => formatAccuracy(arm.best?.testAccuracy ?? null), 'important'],
]

/** The result of a run for a terminal: a column per arm, the best architectures, and the comparison. */
export function renderSummary(summary: Summary, columns?: number): string {
  const arms = Object.entries(summary.arms)
  const table = textTable(
    ['', ...arms.map(([name]) => chalk.cyan(name))],
    armRows(arms).map(([title, cell, importance]) => {
      const style = importance === undefined ? String : chalk.bold
      return [title, ...arms.map(([, arm]) => style(cell(arm)))]
    }),
    columns,
  )
  const best = arms.map(
    ([name, arm]) => `best of ${name}: ${arm.best?.architecture ?? 'no network was trained in full'}`,
  )
  return [
    table,
    ...best,
    ...renderPareto(summary, columns),
    ...renderComparisons(summary, columns),
    ...mixedDevices(summary),
  ].join('\n')
}

/**
 * The rows of an arm, in order. Prefilter and calibrated threshold come before the trials; the figures per fidelity
 * come after them.
 */
export function armRows(arms: readonly (readonly [string, ArmSummary])[]): readonly Row[] {
  const [evaluator, trials, ...others] = rows as readonly [Row, Row, ...Row[]]
  const wherever = (isThere: (arm: ArmSummary) => boolean, row: Row): readonly Row[] =>
    arms.some(([, arm]) => isThere(arm)) ? [row] : []
  // Older runs do not have these.
  return [
    evaluator,
    ...wherever(
      ({ prefilter }) => prefilter != null,
      ['prefilter', ({ prefilter }) => describePrefilter(prefilter ?? null)],
    ),
    ...wherever(
      ({ calibration }) => calibration != null,
      ['calibrated threshold', ({ calibration }) => describeCalibration(calibration)],
    ),
    trials,
    ...wherever(
      ({ fidelities }) => fidelities !== undefined,
      ['by fidelity', ({ fidelities }) => fidelityList(fidelities)],
    ),
    ...others,
    ...wherever(
      ({ latency }) => latency !== undefined,
      ['its speed, in one thread', ({ latency }) => describeLatency(latency)],
    ),
  ]
}

/** `0.41 ms an image, 2,440 images/s; 9,100 images/s in batches of 64`. */
function describeLatency(latency: readonly Latency[] | undefined): string {
  if (latency === undefined) return '-'
  return latency
    .map(({ batch, imagesPerSecond, milliseconds }) =>
      batch === 1
        ? `${formatMilliseconds(milliseconds)} an image, ${formatSpeed(imagesPerSecond)}`
        : `${formatSpeed(imagesPerSecond)} in batches of ${batch}`,
    )
    .join('; ')
}

/** `synflow: 40 kept of 134 (1.2 s)`; a dash for none. */
function describePrefilter(prefilter: ArmSummary['prefilter']): string {
  if (prefilter === null) return '-'
  const { computeSeconds, kept, measure, pool } = prefilter
  return `${measure}: ${kept} kept of ${pool} (${formatDuration(computeSeconds)})`
}

/** `40 (38 scored, 2 rejected)`; over fidelities an architecture has several evaluations. */
function trialsText(arm: ArmSummary): string {
  const { fidelities, trials } = arm
  const evaluations = fidelities === undefined ? '' : `${counted(trials, 'evaluation')}: `
  return `${architecturesOf(arm)} (${evaluations}${outcomeList(arm)})`
}

/** The number of architectures of an arm. */
export function architecturesOf({ fidelities, trials }: ArmSummary): number {
  return fidelities?.[0]?.trials ?? trials
}

/** `27 zero-cost in 12 s, 9 full-training in 3 min`. */
function fidelityList(fidelities: ArmSummary['fidelities']): string {
  return (
    fidelities
      ?.map(({ evaluator, trials, computeSeconds }) => `${trials} ${evaluator} in ${formatDuration(computeSeconds)}`)
      .join(', ') ?? '-'
  )
}

function outcomeList(arm: ArmSummary): string {
  const present = outcomeKinds.filter((kind) => arm.outcomes[kind] > 0)
  return present.map((kind) => `${arm.outcomes[kind]} ${kind}`).join(', ') || 'none finished'
}
