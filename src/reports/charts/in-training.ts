import { counted } from '../../platform/count.js'
import type { RankingSummary } from '../../results/ranking-summary.js'
import type { CurveName, ScoreCurve, ScoreCurvePoint } from '../../studies/index.js'
import { formatCoefficient } from '../format.js'
import { momentText, overTop } from '../in-training-figures.js'
import type { Chart, Layout } from './chart.js'
import { type Colour, colour } from './theme.js'
import { panelGrid, panels, type Rows, type View } from './view.js'

/** A second line in each panel, for the best architectures, which matter for a search. */
const topPercent = 20

/** FEAR scores by training accuracy and short training by validation accuracy, so these lines have their colours. */
const accuracyColours: Readonly<Partial<Record<CurveName, Colour>>> = {
  'train-accuracy': 'orange',
  'validation-accuracy': 'blue',
}

const panelSpacing = 20

/** Rank correlation of measures and accuracies during training, one panel each. Null if not measured. */
export function inTrainingChart({ inTraining, truth }: Pick<RankingSummary, 'inTraining' | 'truth'>): Chart | null {
  // Summaries of version 1 do not have this.
  if (inTraining == null) return null
  const { architectures, curves } = inTraining.epochs
  const drawn = curves.filter(({ points }) => points.some((point) => spearmanOf(point, 100).value !== null))
  if (drawn.length === 0) return null
  const epochs = inTraining.evaluator.epochs
  const hasTop = drawn.some(({ points }) => rowsOf(points, topPercent).some(({ value }) => value !== null))
  return {
    name: 'in-training',
    title: 'Spearman of each score, by epochs of training',
    caption:
      `Spearman of each score, by epochs of training, with ${truth.accuracy} accuracy after full training, over ` +
      `${counted(architectures, 'architecture')}; bands are 95 % bootstrap intervals. ` +
      (hasTop ? `Dashed: over the top ${topPercent} % of them by truth. ` : '') +
      'Training and validation accuracy after the same epochs are the baselines to beat.',
    alt: `Curves of Spearman against epochs of training. ${drawn.map(ends).join('; ')}.`,
    spec(layout) {
      // Rows of about equal length: 3 and 3 instead of 5 and 1.
      const wide = Math.ceil(drawn.length / Math.ceil(drawn.length / 5))
      const { columns, panelWidth } = panelGrid(drawn.length, layout, { wide, narrow: 2 }, panelSpacing)
      const domain = domainOf(drawn)
      const views = drawn.map((curve, index) => {
        const isFirst = index % columns === 0
        const isBottom = index + columns >= drawn.length
        return panel(curve, { width: panelWidth, isFirst, isBottom, epochs, domain }, layout)
      })
      return panels(views, columns, 2, layout, panelSpacing)
    },
  }
}

interface PanelPosition {
  readonly width: number
  readonly isFirst: boolean
  readonly isBottom: boolean
  readonly epochs: readonly number[]
  readonly domain: [number, number]
}

function panel(
  { name, points }: ScoreCurve,
  { width, isFirst, isBottom, epochs, domain }: PanelPosition,
  layout: Layout,
): View {
  const rows = rowsOf(points, 100)
  const top = rowsOf(points, topPercent)
  const mine = colour(accuracyColours[name] ?? 'green')
  const [first, last] = [epochs[0] ?? 0, epochs.at(-1) ?? 0]
  const x = {
    field: 'epoch',
    type: 'quantitative' as const,
    title: isBottom ? 'epochs' : null,
    // Epochs usually get sparser, so 0, 1, 2, 4 are spaced about evenly.
    scale: {
      type: 'symlog' as const,
      constant: 1,
      domain: first < last ? [first, last] : [first - 0.5, last + 0.5],
      nice: false,
      padding: 6,
    },
    axis: { values: [...epochs], format: 'd', labelOverlap: 'greedy' as const, grid: false },
  }
  const y = {
    type: 'quantitative' as const,
    title: isFirst ? 'Spearman' : null,
    scale: { domain, nice: false },
    axis: { tickCount: 5, labels: isFirst },
  }
  const bounded = rows.filter(({ low }) => low !== null)
  return {
    title: {
      text: name,
      // The longest name is about as wide as a narrow panel.
      fontSize: layout.narrow ? 11.5 : 13,
      subtitle: fromTo(rows),
      subtitleColor: colour('muted'),
      subtitlePadding: 2,
    },
    width,
    height: layout.narrow ? 120 : 150,
    data: { values: rows },
    layer: [
      {
        data: { values: [{ zero: 0 }] },
        mark: { type: 'rule', color: colour('axis') },
        encoding: { y: { field: 'zero', ...y } },
      },
      bounded.length === 1
        ? {
            mark: { type: 'rule', color: mine, opacity: 0.4, strokeWidth: 3 },
            data: { values: bounded },
            encoding: { x, y: { field: 'low', ...y }, y2: { field: 'high' } },
          }
        : {
            mark: { type: 'area', color: mine, opacity: 0.16 },
            encoding: { x, y: { field: 'low', ...y }, y2: { field: 'high' } },
          },
      {
        data: { values: top },
        mark: { type: 'line', color: colour('muted'), strokeWidth: 1.3, strokeDash: [4, 3] },
        encoding: { x, y: { field: 'value', ...y } },
      },
      {
        mark: { type: 'line', color: mine, strokeWidth: 2.4 },
        encoding: { x, y: { field: 'value', ...y } },
      },
      {
        data: { values: rows.filter(({ value }) => value !== null) },
        mark: { type: 'point', filled: true, color: mine, size: layout.narrow ? 26 : 34, opacity: 1 },
        encoding: { x, y: { field: 'value', ...y } },
      },
    ],
  }
}

/** From just below the minimum to just above 1, so that no label is outside the panel. */
function domainOf(curves: readonly ScoreCurve[]): [number, number] {
  const values = curves.flatMap(({ points }) => [
    ...rowsOf(points, 100).flatMap(({ value, low }) => [value ?? 0, low ?? 0]),
    ...rowsOf(points, topPercent).map(({ value }) => value ?? 0),
  ])
  const low = Math.max(-1, Math.floor(4 * Math.min(0, ...values)) / 4)
  const pad = 0.06 * (1 - low)
  return [low - pad, 1 + pad]
}

type Row = Rows[number] & { readonly epoch: number } & ReturnType<typeof spearmanOf>

function rowsOf(points: ScoreCurve['points'], percent: number): readonly Row[] {
  return points.flatMap((point) =>
    point.at === 'threshold' ? [] : [{ epoch: point.at, ...spearmanOf(point, percent) }],
  )
}

function spearmanOf(point: ScoreCurvePoint, percent: number) {
  const { value, low, high } = overTop(point, percent)?.spearman ?? { value: null, low: null, high: null }
  return { value, low, high }
}

function fromTo(rows: readonly Row[]): string {
  const values = rows.flatMap(({ value }) => value ?? [])
  const [first, last] = [values[0] ?? null, values.at(-1) ?? null]
  const text = (value: number | null): string => value?.toFixed(2) ?? '-'
  return values.length < 2 ? text(last) : `${text(first)} → ${text(last)}`
}

function ends({ name, points }: ScoreCurve): string {
  const shown = points.length < 2 ? points : [points[0] as ScoreCurvePoint, points.at(-1) as ScoreCurvePoint]
  const parts = shown.map((point) => `${formatCoefficient(spearmanOf(point, 100).value)} ${momentText(point.at)}`)
  return `${name}: ${parts.join(', ')}`
}
