import { chartsOf } from '../charts/registry.js'
import { extrapolations, howResampled, spentRows } from '../comparison-table.js'
import {
  formatBarePoints,
  formatBounds,
  formatCoefficient,
  formatDuration,
  formatPoints,
  formatRatio,
} from '../format.js'
import type { RecordedStudy } from '../recorded-run.js'
import type { Summary } from '../summary.js'
import { armRows } from '../table.js'
import { renderFacts } from './facts.js'
import { type Html, html } from './html.js'
import { type KeyFigure, renderPage } from './page.js'
import { renderTable } from './table.js'
import { verdictOf } from './verdict.js'
import { noticesOf, whatRan } from './what-ran.js'

/** The page of a search or a comparison. */
export function studyReport(run: RecordedStudy): Promise<string> {
  const { summary, date } = run
  const arms = Object.keys(summary.arms)
  const head = {
    title: arms.length === 1 ? `Search with ${arms[0]}` : `${listOf(arms)}, compared`,
    what: whatRan(summary, Math.max(0, ...Object.values(summary.arms).map(({ trials }) => trials))),
    verdict: verdictOf(summary),
    notices: noticesOf(summary),
    figures: keyFigures(summary),
  }
  const tables = [armsTable(summary), ...comparisonTable(summary), bestNetworks(summary)]
  return renderPage(head, chartsOf(run), [...tables, ...renderFacts(summary, date)])
}

function listOf(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

function keyFigures({ arms, comparisons, resampling }: Summary): readonly KeyFigure[] {
  const [first] = Object.entries(comparisons)
  if (first === undefined) {
    return Object.entries(arms).flatMap(([name, { best, computeSeconds, wallSeconds }]) => [
      { title: `test accuracy, ${name}`, value: percent(best?.testAccuracy), note: 'of the network handed over' },
      {
        title: 'compute time',
        value: formatDuration(computeSeconds),
        note: `${formatDuration(wallSeconds)} of wall-clock time`,
      },
    ])
  }
  const [name, { against, rankCorrelation, speedup, testAccuracyDifference }] = first
  const replayed = resampling?.comparisons[name]
  const interval = (text: string): string => (text === '' ? 'measured once, no interval' : `95 %:${text}`)
  const equal = replayed?.equalAccuracy ?? null
  return [
    {
      title: `compute time, ${name} against ${against}`,
      value: `${formatRatio(speedup.computeSeconds)} less`,
      note: interval(formatBounds(replayed?.speedup.computeSeconds)),
    },
    {
      title: 'difference in test accuracy',
      value: formatPoints(testAccuracyDifference),
      note: interval(formatBounds(replayed?.testAccuracyDifference, formatBarePoints)),
    },
    ...(equal === null
      ? []
      : [
          {
            title: `compute time at equal accuracy, against ${equal.against}`,
            value: `${formatRatio(equal.speedup.computeSeconds.mean)} less`,
            note: `mean; ${interval(formatBounds(equal.speedup.computeSeconds))}`,
          },
        ]),
    {
      title: `Spearman of ${name}’s scores`,
      value: formatCoefficient(rankCorrelation.spearman),
      note: `with validation accuracy of ${rankCorrelation.trials} full trainings`,
    },
  ]
}

function percent(accuracy: number | null | undefined): string {
  return accuracy == null ? '-' : `${(100 * accuracy).toFixed(2)} %`
}

function armsTable({ arms }: Summary): Html {
  const all = Object.entries(arms)
  return html`<h2>What each arm spent and found</h2>
${renderTable({
  caption: 'Compute time is the time that workers were busy, summed over them.',
  head: ['', ...all.map(([name]) => name)],
  rows: armRows.map(([title, cell]) => [title, ...all.map(([, arm]) => cell(arm))]),
})}`
}

function comparisonTable({ comparisons, resampling }: Summary): readonly Html[] {
  const all = Object.entries(comparisons)
  const [first] = all
  if (first === undefined) return []
  const rows = [
    ...spentRows.map(([title, unit]) => [
      title,
      ...all.map(
        ([name, { speedup }]) =>
          `${formatRatio(speedup[unit])}${formatBounds(resampling?.comparisons[name]?.speedup[unit])}`,
      ),
    ]),
    [
      'difference in test accuracy',
      ...all.map(([name, { testAccuracyDifference }]) => {
        const interval = resampling?.comparisons[name]?.testAccuracyDifference
        return `${formatPoints(testAccuracyDifference)}${formatBounds(interval, formatBarePoints)}`
      }),
    ],
    ...(['spearman', 'kendall'] as const).map((kind) => [
      kind === 'spearman' ? 'Spearman of the scores' : 'Kendall of the scores',
      ...all.map(
        ([, { rankCorrelation }]) => `${formatCoefficient(rankCorrelation[kind])} (of ${rankCorrelation.trials})`,
      ),
    ]),
  ]
  return [
    html`<h2>Each arm against ${first[1].against}</h2>
${renderTable({
  caption: `Measured${resampling === null ? ' once: there are no intervals' : `; ${howResampled(resampling)}`}. Above 1x an arm is cheaper.`,
  head: ['', ...all.map(([name]) => name)],
  rows,
})}
${resampling === null ? null : extrapolations(resampling).map((line) => html`<p>${line}.</p>`)}`,
  ]
}

function bestNetworks({ arms }: Summary): Html {
  return html`<h2>The networks handed over</h2>
<dl class="facts">${Object.entries(arms).map(
    ([name, { best }]) =>
      html`<dt>${name}</dt><dd>${best === null ? 'no network was trained in full' : html`<code>${best.architecture}</code>`}</dd>`,
  )}</dl>`
}
