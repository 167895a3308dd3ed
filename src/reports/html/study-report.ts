import { counted } from '../../platform/count.js'
import type { RecordedStudy } from '../../results/recorded-run.js'
import { shortfalls } from '../../results/shortfalls.js'
import type { Summary } from '../../results/summary.js'
import { chartsOf } from '../charts/registry.js'
import { extrapolations, howResampled, limitsOf, spentRows } from '../comparison-table.js'
import { formatBarePoints, formatBounds, formatCoefficient, formatRatio } from '../format.js'
import { architecturesOf, armRows } from '../table.js'
import { armTitle } from './arm-titles.js'
import { renderFacts } from './facts.js'
import { type Html, html } from './html.js'
import { keyFigures } from './key-figures.js'
import { renderPage } from './page.js'
import { paretoTables } from './pareto.js'
import { type Bounded, renderTable, type TableText } from './table.js'
import { verdictOf } from './verdict.js'
import { noticesOf, whatRan } from './what-ran.js'

/** The page of a search or a comparison. */
export function studyReport(run: RecordedStudy): Promise<string> {
  const { summary, date } = run
  const head = {
    title: titleOf(summary),
    what: whatRan(summary, Math.max(0, ...Object.values(summary.arms).map(architecturesOf))),
    verdict: verdictOf(summary),
    notices: [...shortfalls(run), ...noticesOf(summary)],
    figures: keyFigures(summary),
  }
  const tables = [armsTable(summary), ...comparisonTable(summary), bestNetworks(summary), ...paretoTables(summary)]
  return renderPage(head, chartsOf(run), [...tables, ...renderFacts(summary, date)])
}

function titleOf(summary: Summary): string {
  const [first, ...others] = Object.entries(summary.comparisons)
  const arms = Object.keys(summary.arms).map((name) => armTitle(name, summary))
  if (first === undefined)
    return `${summary.command === 'fear-nas compare' ? 'Comparison' : 'Search'}: ${arms.join(', ')}`
  const [name, { against }] = first
  const rest = others.length === 0 ? '' : ` and ${counted(others.length, 'other arm')}`
  return `${armTitle(name, summary)} against ${armTitle(against, summary)}${rest}`
}

function armsTable({ arms }: Summary): Html {
  const all = Object.entries(arms)
  return html`<h2>Cost and result of each arm</h2>
${renderTable({
  caption: 'Compute time is the time that workers were busy, summed over workers.',
  head: ['', ...all.map(([name]) => name)],
  rows: armRows(all).map(([title, cell]) => [title, ...all.map(([, arm]) => splitBrackets(cell(arm)))]),
})}`
}

function comparisonTable({ comparisons, resampling }: Summary): readonly Html[] {
  const all = Object.entries(comparisons)
  const [first] = all
  if (first === undefined) return []
  type Row = TableText['rows'][number]
  const rows = [
    ...spentRows.map(
      ([title, unit]): Row => [
        title,
        ...all.map(([name, { speedup }]) => ({
          figure: formatRatio(speedup[unit]),
          bounds: formatBounds(resampling?.comparisons[name]?.speedup[unit]),
        })),
      ],
    ),
    [
      'difference in test accuracy, points',
      ...all.map(([name, { testAccuracyDifference: difference }]) => ({
        figure: difference === null ? '-' : formatBarePoints(difference),
        bounds: formatBounds(resampling?.comparisons[name]?.testAccuracyDifference, formatBarePoints),
      })),
    ] satisfies Row,
    ...(['spearman', 'kendall'] as const).map(
      (kind): Row => [
        kind === 'spearman' ? 'Spearman of the scores' : 'Kendall of the scores',
        ...all.map(([, { rankCorrelation }]) => ({
          figure: formatCoefficient(rankCorrelation[kind]),
          bounds: `of ${rankCorrelation.trials}`,
        })),
      ],
    ),
  ]
  return [
    html`<h2>Each arm against ${first[1].against}</h2>
${renderTable({
  caption: `Measured${resampling === null ? ' once: there are no intervals' : `; ${howResampled(resampling)}`}. Above 1x an arm is cheaper.`,
  head: ['', ...all.map(([name]) => name)],
  rows,
})}
${resampling === null ? null : [...limitsOf(resampling), ...extrapolations(resampling)].map((line) => html`<p>${line}.</p>`)}`,
  ]
}

function bestNetworks({ arms }: Summary): Html {
  return html`<h2>The final networks</h2>
<dl class="facts">${Object.entries(arms).map(
    ([name, { best }]) =>
      html`<dt>${name}</dt><dd>${best === null ? 'no network was trained in full' : html`<code>${best.architecture}</code>`}</dd>`,
  )}</dl>`
}

/** Text in brackets may wrap to the next line. */
function splitBrackets(text: string): Bounded {
  const [, figure = text, bounds = ''] = /^(.*) \((.*)\)$/.exec(text) ?? []
  return { figure, bounds }
}
