import { counted } from '../../platform/count.js'
import type { Summary } from '../../results/summary.js'
import type { Resampling } from '../../studies/index.js'
import { formatAccuracy } from '../format.js'
import { paddedDomain, secondsScale } from './axes.js'
import type { Chart, Layout } from './chart.js'
import { colourScale, type Series, seriesOf } from './series.js'
import { panelGrid, panels, type View } from './view.js'

type TimeAxis = keyof Resampling['anytime']['times']

const axes: readonly (readonly [axis: TimeAxis, title: string])[] = [
  ['computeSeconds', 'compute time (s)'],
  ['wallSeconds', 'wall-clock time (s)'],
]

/** Test accuracy of each arm if it ended earlier. Null without resampling. */
export function anytimeChart({ arms, resampling }: Pick<Summary, 'arms' | 'resampling'>): Chart | null {
  if (resampling === null) return null
  const { against, anytime, searches, workers } = resampling
  const series = seriesOf(Object.keys(anytime.arms).map((name) => ({ name, evaluator: arms[name]?.evaluator ?? '' })))
  if (axes.some(([axis]) => rowsOf(anytime, axis).length === 0)) return null
  // Bands of more than two arms would cover each other.
  const banded = [...new Set([series[0]?.name, against])]
  const hasBands = Object.values(anytime.arms).some(({ computeSeconds }) =>
    computeSeconds.low.some((low) => low !== null),
  )
  const ends = series.map(({ name }) => {
    const last = anytime.arms[name]?.computeSeconds.mean.at(-1) ?? null
    return `${name} ${formatAccuracy(last)}`
  })
  return {
    name: 'anytime',
    title: 'Test accuracy if each search had ended earlier',
    caption:
      'Test accuracy of the final network at each time, including the cost of training the finalists: mean of ' +
      `${counted(searches, 'replayed search', 'replayed searches')}` +
      (hasBands ? `; the bands of ${banded.join(' and ')} are 95 % intervals` : '') +
      `. A line starts when every search has a network. Wall-clock times are scheduled for ${counted(workers, 'worker')} from compute seconds alone.`,
    alt: `Curves of test accuracy against time. At the end: ${ends.join(', ')}.`,
    spec(layout) {
      const { columns, panelWidth } = panelGrid(axes.length, layout, { wide: 2, narrow: 1 })
      const rows = axes.map(([axis]) => rowsOf(anytime, axis))
      const domain = paddedDomain(
        rows.flat().flatMap(({ arm, high, low, mean }) => (banded.includes(arm) ? [low, mean, high] : [mean])),
      )
      const views = axes.map(([, title], i) =>
        panel(
          { rows: rows[i] ?? [], title, series, banded, domain, width: panelWidth, isFirst: i % columns === 0 },
          layout,
        ),
      )
      return panels(views, columns, 0, layout)
    },
  }
}

interface Panel {
  readonly rows: ReturnType<typeof rowsOf>
  readonly title: string
  readonly series: readonly Series[]
  readonly banded: readonly (string | undefined)[]
  readonly domain: [number, number]
  readonly width: number
  readonly isFirst: boolean
}

function panel({ rows, title, series, banded, domain, width, isFirst }: Panel, layout: Layout): View {
  const seconds = rows.map((row) => row.seconds)
  const { scale, axis } = secondsScale(seconds, layout)
  const y = {
    type: 'quantitative' as const,
    title: isFirst ? 'test accuracy (%)' : null,
    scale: { domain, zero: false, nice: false },
    axis: { tickCount: 5 },
  }
  const { legend, ...colours } = colourScale(series, layout)
  return {
    width,
    height: layout.narrow ? 210 : 290,
    data: { values: rows },
    encoding: {
      x: {
        field: 'seconds',
        type: 'quantitative',
        title,
        scale: { ...scale, domain: [Math.min(...seconds), Math.max(...seconds)] },
        axis,
      },
      color: {
        field: 'arm',
        type: 'nominal',
        ...colours,
        legend: { ...legend, symbolType: 'stroke', symbolSize: 420, symbolStrokeWidth: 2.4 },
      },
    },
    layer: [
      {
        transform: [{ filter: { field: 'arm', oneOf: banded.flatMap((name) => name ?? []) } }],
        mark: { type: 'area', opacity: 0.16 },
        encoding: { y: { field: 'low', ...y }, y2: { field: 'high' } },
      },
      {
        mark: { type: 'line', strokeWidth: 2.4 },
        encoding: {
          y: { field: 'mean', ...y },
          strokeDash: {
            field: 'arm',
            type: 'nominal',
            sort: null,
            scale: { domain: series.map(({ name }) => name), range: series.map(({ dash }) => [...dash]) },
          },
        },
      },
    ],
  }
}

function rowsOf({ arms, times }: Resampling['anytime'], axis: TimeAxis) {
  return Object.entries(arms).flatMap(([arm, curves]) =>
    times[axis].flatMap((seconds, i) => {
      const { mean, low, high } = curves[axis]
      const [middle, lower, upper] = [mean[i], low[i], high[i]]
      if (middle == null) return []
      // Without an interval the band has no height.
      return [{ arm, seconds, mean: 100 * middle, low: 100 * (lower ?? middle), high: 100 * (upper ?? middle) }]
    }),
  )
}
