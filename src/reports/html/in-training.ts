import { counted } from '../../platform/count.js'
import type { RankingSummary } from '../../results/ranking-summary.js'
import type { InTrainingResult, ScoreCurve, ScoreCurvePoint, ScoreCurves } from '../../studies/index.js'
import { formatBounds, formatCoefficient } from '../format.js'
import {
  changeOf,
  momentText,
  notFiniteLines,
  othersOf,
  overTop,
  reachedText,
  signedCoefficient,
} from '../in-training-figures.js'
import { type Html, html } from './html.js'
import type { KeyFigure } from './page.js'
import { bounded, renderTable, withBounds } from './table.js'

/** A score at one point of its training. */
interface Ranked {
  readonly name: string
  readonly point: ScoreCurvePoint
}

/** The results of measures in training, in sentences; the first can stand alone. Empty if nothing was ranked. */
export function inTrainingVerdict({ inTraining, truth }: RankingSummary): readonly string[] {
  const { bestFirst, bestLast, accuracies } = highlights(inTraining)
  if (inTraining == null || bestLast === null) return []
  const { architectures, curves } = inTraining.epochs
  const moved = bestFirst !== null && bestFirst.point.at !== bestLast.point.at
  return [
    `Over ${counted(architectures, 'architecture')}, the measure that ranks ${truth.accuracy} accuracy after full training best ` +
      `${moved ? `${momentText(bestFirst.point.at)} is ${rankedText(bestFirst)}; ` : ''}` +
      `${momentText(bestLast.point.at)} ${moved ? 'it ' : ''}is ${rankedText(bestLast)}.`,
    ...accuracies.slice(0, 1).map(({ point }) => {
      const texts = accuracies.map(rankedText)
      return `Training and validation accuracy ${momentText(point.at)}: ${texts.join('; ')}.`
    }),
    ...changes(curves),
  ]
}

/** The same as key figures. */
export function inTrainingFigures({ inTraining }: RankingSummary): readonly KeyFigure[] {
  const { bestFirst, bestLast, accuracies } = highlights(inTraining)
  const measures = [bestFirst, bestLast].flatMap((ranked) => ranked ?? [])
  const figure = ({ name, point }: Ranked, title: string): KeyFigure => {
    const spearman = overTop(point, 100)?.spearman
    return {
      value: formatCoefficient(spearman?.value ?? null),
      title: `Spearman of ${name} ${momentText(point.at)}${title}`,
      note:
        spearman == null || spearman.low === null
          ? 'too few architectures for an interval'
          : `95 %:${formatBounds(spearman)}`,
    }
  }
  return [
    ...measures
      .filter(({ point }, i) => measures.findIndex((other) => other.point.at === point.at) === i)
      .map((ranked) => figure(ranked, ', the best measure')),
    ...accuracies.map((ranked) => figure(ranked, '')),
  ]
}

/** Its tables. */
export function inTrainingSections({ inTraining, truth }: RankingSummary): readonly Html[] {
  if (inTraining == null) return []
  const { epochs, evaluator, outcomes, threshold } = inTraining
  const caption =
    `Spearman over ${counted(epochs.architectures, 'architecture')}${othersOf(outcomes)} of the score, by epochs of training, ` +
    `with ${truth.accuracy} accuracy after full training, with 95 % bootstrap intervals. Change: from the first figure of ` +
    'the row to the last, on the same resamples.'
  const reached = threshold?.curves[0]?.points.map(({ at }) => at) ?? []
  return [
    html`<h2>Spearman by epochs of training</h2>
${curvesTable(caption, epochs, evaluator.epochs)}${
  threshold === null ? null : curvesTable(`The same over ${reachedText(threshold)}.`, threshold, reached)
}`,
  ]
}

function curvesTable(caption: string, all: ScoreCurves, moments: readonly ScoreCurvePoint['at'][]): Html {
  const table = renderTable({
    caption,
    head: ['epochs', ...moments.map(String), 'change'],
    rows: all.curves.map(({ name, points }) => {
      const change = changeOf(points)
      return [
        name,
        ...moments.map((at) => {
          const spearman = overTop(
            points.find((point) => point.at === at),
            100,
          )?.spearman
          return spearman === undefined || spearman.value === null ? '-' : bounded(spearman)
        }),
        change === null ? '-' : { figure: signedCoefficient(change.value), bounds: formatBounds(change) },
      ]
    }),
  })
  return html`${table}${notFiniteLines(all).map((line) => html`<p>${line}.</p>\n`)}`
}

/** The best measure at the first and at the last epoch, and the accuracies at the last. */
function highlights(inTraining: InTrainingResult | null) {
  if (inTraining == null) return { bestFirst: null, bestLast: null, accuracies: [] }
  const { curves } = inTraining.epochs
  const measures = curves.filter(({ name }) => !isAccuracy(name))
  const { epochs } = inTraining.evaluator
  const at = (all: readonly ScoreCurve[], moment: number | undefined): readonly Ranked[] =>
    all
      .flatMap(({ name, points }) => points.filter((point) => point.at === moment).map((point) => ({ name, point })))
      .filter(({ point }) => spearmanAt(point) !== null)
      .toSorted((a, b) => (spearmanAt(b.point) ?? 0) - (spearmanAt(a.point) ?? 0))
  return {
    bestFirst: at(measures, epochs[0])[0] ?? null,
    bestLast: at(measures, epochs.at(-1))[0] ?? null,
    accuracies: at(
      curves.filter(({ name }) => isAccuracy(name)),
      epochs.at(-1),
    ),
  }
}

function isAccuracy(name: ScoreCurve['name']): boolean {
  return name === 'train-accuracy' || name === 'validation-accuracy'
}

function spearmanAt(point: ScoreCurvePoint): number | null {
  return overTop(point, 100)?.spearman.value ?? null
}

/** Which scores rank better at the end of the training than at its beginning, beyond chance. */
function changes(curves: readonly ScoreCurve[]): readonly string[] {
  const judged = curves.flatMap(({ name, points }) => {
    const { low, high } = changeOf(points) ?? { low: null, high: null }
    return low === null || high === null ? [] : [{ name, low, high }]
  })
  const groups = [
    ['better', judged.filter(({ low }) => low > 0)],
    ['worse', judged.filter(({ high }) => high < 0)],
    ['no significant change', judged.filter(({ low, high }) => low <= 0 && high >= 0)],
  ] as const
  const parts = groups.flatMap(([words, some]) =>
    some.length === 0 ? [] : [`${words}: ${some.map(({ name }) => name).join(', ')}`],
  )
  if (parts.length === 0) return []
  const intervals = 'by the intervals of the paired differences'
  return [`Ranking from the first of these epochs to the last, ${intervals}: ${parts.join('; ')}.`]
}

function rankedText({ name, point }: Ranked): string {
  const spearman = overTop(point, 100)?.spearman
  return spearman === undefined ? name : `${name}, Spearman ${withBounds(spearman)}`
}
