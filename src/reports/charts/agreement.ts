import { counted } from '../../platform/count.js'
import type { RankingSummary } from '../../results/ranking-summary.js'
import type { Estimate, MethodResult, SubsetAgreement } from '../../studies/index.js'
import { formatCoefficient } from '../format.js'
import { secondsScale } from './axes.js'
import type { Chart, Layout } from './chart.js'
import { colourScale, type Series, seriesOf, shapeScale } from './series.js'
import { colour } from './theme.js'
import { panelGrid, panels, type View } from './view.js'

interface Figure {
  readonly name: string
  readonly title: string
  readonly axis: string
  readonly domain: readonly [number, number]
  readonly note: string
  of(subset: SubsetAgreement): Estimate
  /** Whether there are values for that top x %. */
  isTelling(percent: number): boolean
}

const figures: readonly Figure[] = [
  {
    name: 'seconds-against-spearman',
    title: 'Spearman against seconds per architecture',
    axis: 'Spearman',
    domain: [-1, 1],
    note: 'Higher ranks better; further left is cheaper.',
    of: ({ spearman }) => spearman,
    isTelling: () => true,
  },
  {
    name: 'seconds-against-common-ratio',
    title: 'Common ratio against seconds per architecture',
    axis: 'common ratio',
    domain: [0, 1],
    note: 'The common ratio is the share of the top x % by truth that is also in the top x % by score; over all it is always 1.',
    of: ({ commonRatio }) => commonRatio,
    isTelling: (percent) => percent < 100,
  },
]

/** The paper's figures: cost against rank agreement of each method, one panel per top x %. */
export function agreementCharts(summary: RankingSummary): readonly Chart[] {
  return figures.flatMap((figure) => agreementChart(figure, summary) ?? [])
}

function agreementChart(figure: Figure, { commonArchitectures, methods }: RankingSummary): Chart | null {
  // With full training alone there is nothing to compare.
  if (methods.length < 2) return null
  const series = seriesOf(methods.map(({ name, evaluator }) => ({ name, evaluator: evaluator.name })))
  const wanted = (methods[0]?.common ?? []).map(({ percent }) => percent).filter(figure.isTelling)
  const rows = wanted.flatMap((percent) => methods.flatMap((method) => rowOf(figure, method, percent) ?? []))
  if (rows.length === 0) return null
  // The top 10 % of a few architectures are empty, and two with the same truth have no correlation.
  const percents = wanted.filter((percent) => rows.some((row) => row.percent === percent))
  const last = percents.at(-1)
  const values = rows.filter(({ percent }) => percent === last)
  return {
    name: figure.name,
    title: figure.title,
    caption:
      `Over the ${counted(commonArchitectures, 'architecture')} that every method scored, for the best x % of them by truth. Vertical ` +
      'lines are 95 % bootstrap intervals, horizontal ones the standard error of the mean compute time. ' +
      `The axis of seconds is logarithmic. ${figure.note}`,
    alt: `${figure.axis} over the top ${last} %: ${values.map(({ method, value }) => `${method} ${formatCoefficient(value)}`).join(', ')}.`,
    spec(layout) {
      const { columns, panelWidth } = panelGrid(percents.length, layout, { wide: 3, narrow: 2 })
      const x = secondsScale(
        rows.flatMap(({ from, to }) => [from, to]),
        layout,
        layout.narrow ? 3 : 5,
      )
      const views = percents.map((percent, index) => {
        const own = rows.filter((row) => row.percent === percent)
        const isBottom = index + columns >= percents.length
        return panel(figure, own, series, { width: panelWidth, isFirst: index % columns === 0, isBottom, x }, layout)
      })
      return panels(views, columns, 2, layout)
    },
  }
}

interface PanelPosition {
  readonly width: number
  readonly isFirst: boolean
  readonly isBottom: boolean
  readonly x: ReturnType<typeof secondsScale>
}

type Row = NonNullable<ReturnType<typeof rowOf>>

function panel(
  figure: Figure,
  rows: readonly Row[],
  series: readonly Series[],
  position: PanelPosition,
  layout: Layout,
): View {
  const [first] = rows
  const x = { type: 'quantitative' as const, title: position.isBottom ? 'seconds' : null, ...position.x }
  const y = {
    type: 'quantitative' as const,
    title: position.isFirst ? figure.axis : null,
    scale: { domain: [...figure.domain], nice: false },
    axis: { tickCount: 4 },
  }
  const title = first === undefined || first.percent < 100 ? `top ${first?.percent ?? ''} %` : 'all'
  return {
    title: {
      text: title,
      subtitle: counted(first?.architectures ?? 0, 'architecture'),
      subtitleColor: colour('muted'),
    },
    width: position.width,
    height: layout.narrow ? 150 : 200,
    data: { values: [...rows] },
    encoding: {
      color: { field: 'method', type: 'nominal', ...colourScale(series, layout) },
    },
    layer: [
      {
        data: { values: [{ zero: 0 }] },
        mark: { type: 'rule', color: colour('axis') },
        encoding: { y: { field: 'zero', ...y }, color: { value: colour('axis') } },
      },
      {
        mark: { type: 'rule', strokeWidth: 1.8, opacity: 0.5 },
        encoding: { x: { field: 'seconds', ...x }, y: { field: 'low', ...y }, y2: { field: 'high' } },
      },
      {
        mark: { type: 'rule', strokeWidth: 1.8, opacity: 0.8 },
        encoding: { x: { field: 'from', ...x }, x2: { field: 'to' }, y: { field: 'value', ...y } },
      },
      {
        mark: { type: 'point', filled: true, size: layout.narrow ? 50 : 75, opacity: 1 },
        encoding: {
          x: { field: 'seconds', ...x },
          y: { field: 'value', ...y },
          shape: { field: 'method', type: 'nominal', ...shapeScale(series) },
        },
      },
    ],
  }
}

function rowOf(figure: Figure, { common, name }: MethodResult, percent: number) {
  const subset = common.find((one) => one.percent === percent)
  const seconds = subset?.seconds.mean ?? null
  if (subset === undefined || seconds === null) return null
  const { value, low, high } = figure.of(subset)
  if (value === null) return null
  const error = subset.seconds.standardError ?? 0
  return {
    method: name,
    percent,
    architectures: subset.architectures,
    value,
    low: low ?? value,
    high: high ?? value,
    seconds,
    // A standard error as large as the mean would reach 0, which is not on a logarithmic axis.
    from: Math.max(seconds - error, seconds / 2),
    to: seconds + error,
  }
}
