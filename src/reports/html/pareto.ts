import type { ArmSummary, Summary } from '../../results/summary.js'
import { formatCount, formatFlops, formatScore } from '../format.js'
import { trainedInFull } from '../pareto-table.js'
import { type Html, html } from './html.js'
import { renderTable, type TableText } from './table.js'

/** The Pareto fronts: by accuracy after full training, and separately by the arms' own scores. */
export function paretoTables({ arms }: Summary): readonly Html[] {
  // Older runs have none.
  const all = Object.entries(arms).filter(([, { pareto }]) => pareto != null)
  const accurate = all.flatMap(([name, { pareto }]) => rowsOf(name, pareto.accuracy))
  if (accurate.length === 0) return []
  const scored = all.flatMap(([name, { pareto }]) => (pareto.score === null ? [] : rowsOf(name, pareto.score)))
  return [
    html`<h2>The best networks of each size</h2>
${renderTable({
  caption:
    'No other network that the same arm trained in full is as small and more accurate on the validation images, or as ' +
    `accurate and smaller. Trained in full: ${all.map(([name, arm]) => `${trainedInFull(arm)} of ${name}`).join(', ')}.`,
  head: ['arm', 'trial', 'parameters', 'FLOPs of an image', 'validation accuracy', 'best by', 'architecture'],
  rows: accurate,
})}
${
  scored.length === 0
    ? null
    : html`<details><summary>The same by the arms’ own scores, over all that were scored</summary>
${renderTable({
  caption:
    'A score tells architectures apart before they are trained in full. It is no accuracy, and no two arms’ compare.',
  head: ['arm', 'trial', 'parameters', 'FLOPs of an image', 'score', 'best by', 'architecture'],
  rows: scored,
})}</details>`
}`,
  ]
}

/** A row for each network of both fronts, the smallest first. */
function rowsOf(
  arm: string,
  { params, flops }: Pick<ArmSummary['pareto']['accuracy'], 'params' | 'flops'>,
): TableText['rows'] {
  const byTrial = new Map([...params, ...flops].map((network) => [network.trial, network]))
  return [...byTrial.values()]
    .toSorted((a, b) => a.params - b.params || a.flops - b.flops || a.trial - b.trial)
    .map((network) => {
      const isIn = (front: typeof params): boolean => front.some(({ trial }) => trial === network.trial)
      const best = isIn(params) ? (isIn(flops) ? 'both' : 'parameters') : 'FLOPs'
      return [
        arm,
        String(network.trial),
        formatCount(network.params),
        formatFlops(network.flops),
        formatScore(network.value),
        best,
        network.architecture,
      ]
    })
}
