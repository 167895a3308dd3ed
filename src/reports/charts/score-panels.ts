import { spearman } from '../../statistics/spearman.js'
import { descendingOrder, topCount } from '../../statistics/top.js'
import { formatCoefficient } from '../format.js'
import { type Layout, mostPoints } from './chart.js'
import { type PlotScale, plotScale } from './plot-scale.js'
import type { Series } from './series.js'
import { colour } from './theme.js'
import { panelGrid, panels, type View, wrapText } from './view.js'

/** Architectures that a method scored and that have a truth (0..1). */
export interface ScoredByTruth {
  readonly series: Series
  readonly scores: readonly number[]
  readonly truths: readonly number[]
}

const topPercent = 10

/** Caption of these panels. */
export function scorePanelsCaption(methods: readonly ScoredByTruth[]): string {
  const isThinned = methods.some(({ scores }) => scores.length > mostPoints)
  return (
    `Filled: the top ${topPercent} % by truth, right of the dashed line. Spearman is over all architectures that the method ` +
    `scored. Outliers are drawn at the edge${isThinned ? `. For more than ${mostPoints} architectures, an evenly spaced part is drawn` : ''}`
  )
}

/** Scores over truths, one panel per method, with the best tenth by truth marked. */
export function scorePanels(methods: readonly ScoredByTruth[], truthTitle: string, layout: Layout) {
  const { columns, panelWidth } = panelGrid(methods.length, layout, {
    wide: methods.length % 4 === 0 || methods.length === 7 ? 4 : 3,
    narrow: methods.length === 1 ? 1 : 2,
  })
  const x = plotScale(methods.flatMap((method) => method.truths))
  // Bold, so a little wider.
  const titles = methods.map(({ series }) => wrapText(series.name, panelWidth, 1.12 * 13))
  const titleLines = Math.max(...titles.map(({ length }) => length))
  const views = methods.map((method, index): View => {
    const y = plotScale(method.scores)
    const { beyond, rows, top } = rowsOf(method, x, y)
    const axis = { tickCount: layout.narrow ? 3 : 4, labelOverlap: 'greedy' as const, ...y.axis }
    const isFirst = index % columns === 0
    const isBottom = index + columns >= methods.length
    return {
      title: {
        text: titles[index] ?? [],
        subtitle: subtitle(method, beyond),
        subtitleColor: colour('muted'),
        subtitlePadding: 2,
      },
      width: panelWidth,
      height: Math.min(panelWidth, 230),
      data: { values: rows },
      encoding: {
        x: {
          field: 'truth',
          type: 'quantitative',
          title: isBottom ? truthTitle : null,
          scale: x.scale,
          // A label takes about 35 pixels.
          axis: { tickCount: Math.max(2, Math.floor(panelWidth / 55)), labelOverlap: 'greedy' as const },
        },
      },
      layer: [
        ...(top === null
          ? []
          : [
              {
                data: { values: [{ truth: top }] },
                mark: { type: 'rule' as const, strokeDash: [4, 3], color: colour('axis') },
              },
            ]),
        ...[false, true].map((isTop) => ({
          transform: [{ filter: `datum.isTop === ${isTop}` }],
          mark: {
            type: 'point' as const,
            filled: isTop,
            size: isTop ? 46 : 30,
            opacity: isTop ? 1 : 0.8,
            strokeWidth: 1.2,
            color: isTop ? method.series.colour : colour('faint'),
          },
          encoding: {
            y: { field: 'score', type: 'quantitative' as const, scale: y.scale, axis, title: isFirst ? 'score' : null },
          },
        })),
      ],
    }
  })
  return panels(views, columns, 2 + titleLines, layout)
}

function subtitle({ scores, truths }: ScoredByTruth, beyond: number): string[] {
  const edge = beyond === 0 ? '' : `, ${beyond} at edge`
  return [`Spearman ${formatCoefficient(spearman(scores, truths))}`, `${scores.length} scored${edge}`]
}

function rowsOf({ scores, truths }: ScoredByTruth, x: PlotScale, y: PlotScale) {
  const order = descendingOrder(truths)
  const count = topCount(truths.length, topPercent)
  const best = new Set(order.slice(0, count))
  const step = Math.ceil(truths.length / mostPoints)
  let beyond = 0
  const rows = truths.flatMap((value, i) => {
    const truth = x.factor * value
    const score = y.factor * (scores[i] as number)
    const point = { truth: clamp(truth, x.domain), score: clamp(score, y.domain) }
    if (point.truth !== truth || point.score !== score) beyond++
    return i % step === 0 || best.has(i) ? [{ ...point, isTop: best.has(i) }] : []
  })
  const last = order[count - 1]
  return { rows, beyond, top: last === undefined ? null : clamp(x.factor * (truths[last] as number), x.domain) }
}

function clamp(value: number, [low, high]: readonly [number, number]): number {
  return Math.min(high, Math.max(low, value))
}
