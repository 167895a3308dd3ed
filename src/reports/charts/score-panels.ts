import { spearman } from '../../statistics/spearman.js'
import { descendingOrder, topCount } from '../../statistics/top.js'
import { formatCoefficient } from '../format.js'
import { paddedDomain } from './axes.js'
import type { Layout } from './chart.js'
import type { Series } from './series.js'
import { colour } from './theme.js'
import { panelGrid, panels, type View } from './view.js'

/** Architectures that a method scored and that have a truth (0..1). */
export interface ScoredByTruth {
  readonly series: Series
  readonly scores: readonly number[]
  readonly truths: readonly number[]
}

/** More points than a picture can show, or a page should hold: of more, every k-th is drawn. */
const mostPoints = 1500

const topPercent = 10

/** Said under pictures of these panels. */
export const scorePanelsCaption =
  `filled are the best ${topPercent} % by truth, right of the dashed line. Spearman is over all that the panel's method ` +
  `scored; of more than ${mostPoints} architectures a part is drawn, evenly taken`

/** Scores over truths, a panel for each method, with the best tenth by truth marked. */
export function scorePanels(methods: readonly ScoredByTruth[], truthTitle: string, layout: Layout) {
  const { columns, panelWidth } = panelGrid(methods.length, layout, {
    wide: methods.length === 4 ? 4 : 3,
    narrow: methods.length === 1 ? 1 : 2,
  })
  const truths = methods.flatMap((method) => method.truths).map((truth) => 100 * truth)
  const x = {
    field: 'truth',
    type: 'quantitative' as const,
    scale: { domain: paddedDomain(truths, 0.04), zero: false, nice: false },
  }
  const views = methods.map((method, index): View => {
    const { rows, top } = rowsOf(method)
    const { scale, title, axis } = scoreScale(method.scores, layout)
    const isFirst = index % columns === 0
    const isBottom = index + columns >= methods.length
    return {
      title: {
        text: method.series.name,
        subtitle: subtitle(method),
        subtitleColor: colour('muted'),
        subtitlePadding: 2,
      },
      width: panelWidth,
      height: Math.min(panelWidth, 230),
      data: { values: rows },
      encoding: {
        x: { ...x, title: isBottom ? truthTitle : null, axis: { tickCount: layout.narrow ? 3 : 5 } },
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
            y: { field: 'score', type: 'quantitative' as const, scale, axis, title: isFirst ? title : null },
          },
        })),
      ],
    }
  })
  return panels(views, columns, layout)
}

function subtitle({ scores, truths }: ScoredByTruth): string {
  return `Spearman ${formatCoefficient(spearman(scores, truths))}, ${scores.length} scored`
}

function rowsOf({ scores, truths }: ScoredByTruth) {
  const order = descendingOrder(truths)
  const count = topCount(truths.length, topPercent)
  const best = new Set(order.slice(0, count))
  const step = Math.ceil(truths.length / mostPoints)
  const isPercent = areAccuracies(scores)
  const rows = truths.flatMap((truth, i) =>
    i % step === 0 || best.has(i)
      ? [{ truth: 100 * truth, score: (isPercent ? 100 : 1) * (scores[i] as number), isTop: best.has(i) }]
      : [],
  )
  const last = order[count - 1]
  return { rows, top: last === undefined ? null : 100 * (truths[last] as number) }
}

/** Whether scores can be accuracies. */
function areAccuracies(scores: readonly number[]): boolean {
  return scores.every((score) => score >= 0 && score <= 1)
}

/** Scores of any size and sign; logarithmic where they are positive and span more than a factor of 50. */
function scoreScale(scores: readonly number[], { narrow }: Layout) {
  const [low, high] = [Math.min(...scores), Math.max(...scores)]
  const isPercent = areAccuracies(scores)
  const scale = { zero: false, nice: false }
  const axis = { tickCount: narrow ? 3 : 4, labelOverlap: 'greedy' as const, ...(isPercent ? {} : { format: '~s' }) }
  if (low > 0 && high > 50 * low && !isPercent) {
    return { scale: { ...scale, type: 'log' as const, domain: [low / 1.3, high * 1.3] }, axis, title: 'score' }
  }
  const factor = isPercent ? 100 : 1
  const domain = paddedDomain(scores.map((score) => factor * score))
  return { scale: { ...scale, domain }, axis, title: isPercent ? 'score (%)' : 'score' }
}
