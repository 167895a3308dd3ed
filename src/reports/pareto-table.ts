import chalk from 'chalk'
import { counted } from '../platform/count.js'
import type { ArmSummary, Summary } from '../results/summary.js'
import type { SizedNetwork } from '../studies/index.js'
import { formatAccuracy, formatCount, formatFlops, formatMilliseconds } from './format.js'
import { textTable } from './text-table.js'

/** Maximum number of networks per front on a terminal; `summary.json` has all of them. */
const mostShown = 5

/** The Pareto fronts for a terminal. Empty if no arm trained two networks in full. */
export function renderPareto({ arms }: Pick<Summary, 'arms'>, columns?: number): readonly string[] {
  const all = Object.entries(arms)
  if (all.every(([, { pareto }]) => (pareto?.accuracy.networks ?? 0) < 2)) return []
  const rows: string[][] = []
  rows.push(['trained in full', ...all.map(([, arm]) => trainedInFull(arm))])
  rows.push([
    'by parameters',
    ...all.map(([, { pareto }]) => shown(pareto.accuracy.params, ({ params }) => formatCount(params))),
  ])
  rows.push([
    'by FLOPs',
    ...all.map(([, { pareto }]) => shown(pareto.accuracy.flops, ({ flops }) => formatFlops(flops))),
  ])
  if (all.some(([, { pareto }]) => pareto?.accuracy.latency !== undefined)) {
    const time = ({ latencySeconds = Number.NaN }: SizedNetwork): string => formatMilliseconds(1000 * latencySeconds)
    rows.push(['by time for one image', ...all.map(([, { pareto }]) => shown(pareto.accuracy.latency ?? [], time))])
  }
  return [textTable(['Pareto front', ...all.map(([name]) => chalk.cyan(name))], rows, columns)]
}

/** `3 finalists`, `all 40`. */
export function trainedInFull({ pareto: { accuracy } }: ArmSummary): string {
  return accuracy.of === 'trials' ? `all ${accuracy.networks}` : counted(accuracy.networks, 'finalist')
}

/** A line for each, or for an evenly spaced selection: `12.3 k  84.10 %`. */
function shown(front: readonly SizedNetwork[], size: (network: SizedNetwork) => string): string {
  const last = front.length - 1
  const indices = front.length <= mostShown ? [...front.keys()] : evenly(last)
  const lines = indices.flatMap((index) => {
    const network = front[index]
    return network === undefined ? [] : [`${size(network)}  ${formatAccuracy(network.value)}`]
  })
  if (indices.length < front.length) lines.push(chalk.dim(`and ${front.length - indices.length} between`))
  return lines.join('\n') || '-'
}

function evenly(last: number): number[] {
  return Array.from({ length: mostShown }, (_, i) => Math.round((i * last) / (mostShown - 1)))
}
