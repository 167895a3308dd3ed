import { outcomeKinds } from '../../evaluators/outcome.js'
import { counted } from '../../platform/count.js'
import type { RankingSummary } from '../../results/ranking-summary.js'
import type { RecordedRanking } from '../../results/recorded-run.js'
import { shortfalls } from '../../results/shortfalls.js'
import type { Estimate, MethodResult, SubsetAgreement } from '../../studies/index.js'
import { chartsOf } from '../charts/registry.js'
import { formatBounds, formatCoefficient } from '../format.js'
import { missingIntervals } from '../ranking-table.js'
import { renderFacts } from './facts.js'
import { type Html, html } from './html.js'
import { inTrainingFigures, inTrainingSections, inTrainingVerdict } from './in-training.js'
import { type KeyFigure, renderPage } from './page.js'
import { bounded, renderTable, withBounds } from './table.js'
import { noticesOf, whatRan } from './what-ran.js'

/** The page of a ranking. */
export function rankingReport(run: RecordedRanking): Promise<string> {
  const { summary, date } = run
  const inTraining = inTrainingVerdict(summary)
  const hasEvaluators = evaluatorsOf(summary).length > 0
  const head = {
    title: 'How well cheap scores rank architectures',
    what: whatRan(summary, summary.architectures.length),
    verdict: hasEvaluators || inTraining.length === 0 ? [...verdictOf(summary), ...inTraining] : inTraining,
    notices: [...shortfalls(run), ...noticesOf(summary)],
    figures: hasEvaluators ? keyFigures(summary) : inTrainingFigures(summary),
  }
  const [ranked, trained] = [tablesOf(summary), inTrainingSections(summary)]
  const tables = hasEvaluators ? [...ranked, ...trained] : [...trained, ...ranked]
  return renderPage(head, chartsOf(run), [...tables, ...renderFacts(summary, date)])
}

/** The evaluators: without full training, which is the ceiling. */
function evaluatorsOf({ methods }: RankingSummary): readonly MethodResult[] {
  return methods.slice(1)
}

function subsetOf({ common }: MethodResult, percent: number) {
  return common.find((subset) => subset.percent === percent)
}

function verdictOf(summary: RankingSummary): readonly string[] {
  const { commonArchitectures, truth } = summary
  const ranked = evaluatorsOf(summary)
    .flatMap((method) => {
      const all = subsetOf(method, 100)
      return all === undefined || all.spearman.value === null ? [] : [{ method, all, spearman: all.spearman.value }]
    })
    .toSorted((a, b) => b.spearman - a.spearman)
  const [best] = ranked
  if (best === undefined) {
    return [
      evaluatorsOf(summary).length > 0
        ? 'There are too few architectures that every method scored to rank them.'
        : 'Only full training has finished; no other method was ranked.',
    ]
  }
  const first = evaluatorsOf(summary)[0]
  const mine = ranked.find(({ method }) => method === first)
  return [
    `Over the ${counted(commonArchitectures, 'architecture')} that every method scored, ${best.method.name} ranks ${truth.accuracy} ` +
      `accuracy after full training best: Spearman ${withBounds(best.all.spearman)}, at ` +
      `${secondsText(best.all)} seconds per architecture.`,
    ...(mine === undefined || mine === best
      ? []
      : [
          `${mine.method.name}: Spearman ${withBounds(mine.all.spearman)}, at ${secondsText(mine.all)} seconds per architecture.`,
        ]),
    ...(first === undefined ? [] : leads(first, summary)),
  ]
}

/** The evaluators that the first one ranks better than, beyond chance. */
function leads(first: MethodResult, summary: RankingSummary): readonly string[] {
  const judged = evaluatorsOf(summary)
    .filter((method) => method !== first)
    .flatMap((method) => {
      const lead = subsetOf(method, 100)?.lead
      return lead === undefined || lead.low === null || lead.high === null
        ? []
        : [{ name: method.name, low: lead.low, high: lead.high }]
    })
  const groups = [
    [`${first.name} ranks better than`, judged.filter(({ low }) => low > 0)],
    [`${first.name} ranks worse than`, judged.filter(({ high }) => high < 0)],
    ['no significant difference to', judged.filter(({ low, high }) => low <= 0 && high >= 0)],
  ] as const
  const parts = groups.flatMap(([words, methods]) =>
    methods.length === 0 ? [] : [`${words} ${methods.map(({ name }) => name).join(', ')}`],
  )
  return parts.length === 0 ? [] : [`By the intervals of the paired differences over all of them: ${parts.join('; ')}.`]
}

/** More would cover each other; the table has all of them. */
const mostFigures = 6

/** The first evaluator, and those of the others that rank best. */
function keyFigures(summary: RankingSummary): readonly KeyFigure[] {
  const [first, ...others] = evaluatorsOf(summary)
  const spearmanOf = (method: MethodResult): number => subsetOf(method, 100)?.spearman.value ?? -Infinity
  const best = others.toSorted((a, b) => spearmanOf(b) - spearmanOf(a)).slice(0, mostFigures - 1)
  const shown = others.filter((method) => best.includes(method))
  return [...(first === undefined ? [] : [first]), ...shown].map((method) => {
    const all = subsetOf(method, 100)
    return {
      value: formatCoefficient(all?.spearman.value ?? null),
      title: `Spearman of ${method.name}`,
      note:
        all === undefined || all.spearman.low === null
          ? 'too few architectures for an interval'
          : `95 %:${formatBounds(all.spearman)}`,
    }
  })
}

function tablesOf(summary: RankingSummary): readonly Html[] {
  const { commonArchitectures, methods, reusedTruths, truth } = summary
  const percents = methods[0]?.common.map(({ percent }) => percent) ?? []
  const table = (caption: string, figure: (subset: SubsetAgreement) => Estimate) =>
    renderTable({
      caption,
      head: ['', ...percents.map((percent) => (percent === 100 ? 'all' : `top ${percent} %`))],
      rows: methods.map((method) => [
        method.name,
        ...percents.map((percent) => {
          const subset = subsetOf(method, percent)
          return subset === undefined ? '-' : bounded(figure(subset))
        }),
      ]),
    })
  return [
    html`<h2>Methods</h2>
${renderTable({
  caption:
    `The truth is ${truth.accuracy} accuracy after full training` +
    `${reusedTruths > 0 ? `, ${reusedTruths} of which were reused from earlier runs` : ''}. Seconds are ` +
    'compute time per architecture, mean and standard error.',
  head: ['', 'scored', 'seconds', 'total compute time (s)'],
  rows: methods.map((method) => [
    method.name,
    outcomesText(method),
    secondsWithError(method),
    method.computeSeconds.toPrecision(4),
  ]),
})}`,
    html`<h2>Spearman</h2>
${missingIntervals(methods.flatMap(({ common }) => common)).map((line) => html`<p>${line}.</p>\n`)}${table(`Over the ${counted(commonArchitectures, 'architecture')} that every method scored, with 95 % bootstrap intervals; shares by truth.`, ({ spearman }) => spearman)}`,
    html`<h2>Kendall’s tau-b</h2>
${table('Over the same architectures, with the same intervals.', ({ kendall }) => kendall)}`,
    html`<h2>Common ratio</h2>
${table('The share of the top x % by truth that is also in the top x % by score.', ({ commonRatio }) => commonRatio)}`,
  ]
}

function outcomesText({ outcomes }: MethodResult): string {
  const others = outcomeKinds.filter((kind) => kind !== 'scored' && outcomes[kind] > 0)
  return [String(outcomes.scored), ...others.map((kind) => `${outcomes[kind]} ${kind}`)].join(', ')
}

function secondsText({ seconds: { mean } }: SubsetAgreement): string {
  return mean === null ? '-' : String(Number(mean.toPrecision(3)))
}

function secondsWithError(method: MethodResult): string {
  const all = subsetOf(method, 100)
  if (all === undefined) return '-'
  const error = all.seconds.standardError
  return `${secondsText(all)}${error === null ? '' : ` ± ${Number(error.toPrecision(2))}`}`
}
