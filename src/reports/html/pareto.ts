import type { ArmSummary, Summary } from '../../results/summary.js'
import { formatCount, formatFlops, formatMilliseconds, formatScore } from '../format.js'
import { trainedInFull } from '../pareto-table.js'
import { type Html, html } from './html.js'
import { renderTable, type TableText } from './table.js'

/** The Pareto fronts: by accuracy after full training, and separately by the arms' own scores. */
export function paretoTables({ arms }: Summary): readonly Html[] {
  // Older runs have none.
  const all = Object.entries(arms).filter(([, { pareto }]) => pareto != null)
  // With a limit on latency every network was measured.
  const isTimed = all.some(([, { pareto }]) => pareto.accuracy.latency !== undefined)
  const timeHead = isTimed ? ['time for one image'] : []
  const accurate = all.flatMap(([name, { pareto }]) => rowsOf(name, pareto.accuracy, isTimed))
  if (accurate.length === 0) return []
  const scored = all.flatMap(([name, { pareto }]) => (pareto.score === null ? [] : rowsOf(name, pareto.score, isTimed)))
  return [
    html`<h2>Pareto fronts: the best networks of each size</h2>
${renderTable({
  caption:
    'No other fully trained network of the same arm is as small with a higher validation accuracy, or as ' +
    `accurate and smaller. Trained in full: ${all.map(([name, arm]) => `${trainedInFull(arm)} of ${name}`).join(', ')}.`,
  head: [
    'arm',
    'trial',
    'parameters',
    'FLOPs per image',
    ...timeHead,
    'validation accuracy',
    'best by',
    'architecture',
  ],
  rows: accurate,
})}
${
  scored.length === 0
    ? null
    : html`<details><summary>The same by the arms’ own scores, over all scored architectures</summary>
${renderTable({
  caption:
    'A score ranks architectures before full training. It is not an accuracy, and scores of different arms are not comparable.',
  head: ['arm', 'trial', 'parameters', 'FLOPs per image', ...timeHead, 'score', 'best by', 'architecture'],
  rows: scored,
})}</details>`
}`,
  ]
}

/** A row for each network of the fronts, the smallest first. */
function rowsOf(
  arm: string,
  { flops, latency, params }: Pick<ArmSummary['pareto']['accuracy'], 'params' | 'flops' | 'latency'>,
  isTimed: boolean,
): TableText['rows'] {
  const fronts = [
    ['parameters', params],
    ['FLOPs', flops],
    ...(latency === undefined ? [] : [['time', latency] as const]),
  ] as const
  const byTrial = new Map(fronts.flatMap(([, front]) => front.map((network) => [network.trial, network])))
  return [...byTrial.values()]
    .toSorted((a, b) => a.params - b.params || a.flops - b.flops || a.trial - b.trial)
    .map((network) => {
      const best = fronts.flatMap(([name, front]) => (front.some(({ trial }) => trial === network.trial) ? [name] : []))
      const { latencySeconds } = network
      return [
        arm,
        String(network.trial),
        formatCount(network.params),
        formatFlops(network.flops),
        ...(isTimed ? [latencySeconds === undefined ? '-' : formatMilliseconds(1000 * latencySeconds)] : []),
        formatScore(network.value),
        best.length === fronts.length ? (best.length === 2 ? 'both' : 'all') : best.join(', '),
        network.architecture,
      ]
    })
}
