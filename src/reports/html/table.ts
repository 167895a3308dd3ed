import type { Estimate } from '../../studies/index.js'
import { boundsOf, formatCoefficient, formatEstimate } from '../format.js'
import { type Html, html } from './html.js'

/** A figure and the bounds of its interval, which may wrap below it. */
export interface Bounded {
  readonly figure: string
  readonly bounds: string
}

/** A table of text: the first cell of each row is its header. */
export interface TableText {
  readonly caption: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly [string, ...(string | Bounded)[]])[]
}

/** On a narrow page the table scrolls in its own box, also by keyboard. */
export function renderTable({ caption, head, rows }: TableText): Html {
  return html`<p>${caption}</p>
<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table>
<thead><tr>${head.map((cell) => (cell === '' ? html`<td></td>` : html`<th scope="col">${cell}</th>`))}</tr></thead>
<tbody>
${rows.map(([first, ...cells]) => html`<tr><th scope="row">${first}</th>${cells.map((cell) => html`<td>${renderCell(cell)}</td>`)}</tr>\n`)}</tbody>
</table></div>`
}

function renderCell(cell: string | Bounded): Html {
  if (typeof cell === 'string') return html`${cell}`
  return html`${cell.figure}${cell.bounds === '' ? null : html` <span class="bounds">${cell.bounds.trim()}</span>`}`
}

/** A correlation or a ratio with its interval below it. */
export function bounded(estimate: Estimate): Bounded {
  return { figure: formatCoefficient(estimate.value), bounds: boundsOf(estimate) }
}

/** The same in a sentence. */
export function withBounds(estimate: Estimate): string {
  return formatEstimate(estimate)
}
