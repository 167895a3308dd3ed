import { frequentConfusions, imagesIn, type NetworkMetrics } from '../../results/network-metrics.js'
import { formatAccuracy } from '../format.js'
import { type Html, html } from './html.js'
import { renderTable } from './table.js'

type Confusion = Pick<NetworkMetrics, 'accuracyByClass' | 'classNames' | 'confusion'>

/** With more classes a matrix is too large to be read. */
const mostClasses = 20
const mostConfusions = 30

/** How a network confuses classes: the whole matrix, or of many classes the most frequent confusions. */
export function confusionSection(metrics: Confusion): Html {
  return metrics.confusion.length > mostClasses ? confusionTable(metrics) : matrix(metrics)
}

const nameOf = ({ classNames }: Confusion, label: number): string => classNames[label] ?? String(label)

/** Cells are shaded by their share of the true class. */
function matrix(metrics: Confusion): Html {
  const { accuracyByClass, confusion } = metrics
  const caption = 'Test images by their class (rows) and the class that the network names (columns).'
  const rows = confusion.map((row, label) => {
    const images = imagesIn(row)
    const cells = confusion.map((_, predicted) => {
      const count = row[predicted] ?? 0
      const percent = images === 0 ? 0 : Math.round((100 * count) / images)
      return html`<td style="--share:${percent}%">${count === 0 ? '·' : String(count)}</td>`
    })
    return html`<tr><th scope="row">${nameOf(metrics, label)}</th>${cells}<td>${formatAccuracy(accuracyByClass[label] ?? null)}</td></tr>\n`
  })
  return html`<h2>Confusion matrix and accuracy by class</h2>
<p>${caption} The stronger the colour of a cell, the larger its share of the class.</p>
<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table class="matrix">
<thead><tr><td></td>${confusion.map((_, label) => html`<th scope="col">${nameOf(metrics, label)}</th>`)}<th scope="col">right</th></tr></thead>
<tbody>
${rows}</tbody>
</table></div>`
}

function confusionTable(metrics: Confusion): Html {
  const { confusion } = metrics
  const found = frequentConfusions(confusion)
  const shown = found.slice(0, mostConfusions)
  const rows = shown.map(({ count, label, predicted }): readonly [string, ...string[]] => [
    nameOf(metrics, label),
    nameOf(metrics, predicted),
    String(count),
    formatAccuracy(count / imagesIn(confusion[label] ?? [])),
  ])
  return html`<h2>Most frequent confusions</h2>
${renderTable({
  caption: `${confusion.length} classes are too many for a matrix, which metrics.json has: these are the ${shown.length} most frequent of ${found.length} confusions.`,
  head: ['class', 'taken for', 'test images', 'share of the class'],
  rows,
})}`
}
