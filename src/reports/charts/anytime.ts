import type { Resampling } from '../../studies/index.js'
import { formatAccuracy } from '../format.js'
import type { Summary } from '../summary.js'
import { secondsScale } from './axes.js'
import type { Chart, Layout } from './chart.js'
import { colourScale, type Series, seriesOf } from './series.js'
import { panelGrid, panels, type View } from './view.js'

type TimeAxis = keyof Resampling['anytime']['times']

const axes: readonly (readonly [axis: TimeAxis, title: string])[] = [
  ['computeSeconds', 'compute time (s)'],
  ['wallSeconds', 'wall-clock time (s)'],
]

/** What each arm would hand over if it ended earlier. Null without resampling. */
export function anytimeChart({ arms, resampling }: Pick<Summary, 'arms' | 'resampling'>): Chart | null {
  if (resampling === null) return null
  const { anytime, searches, workers } = resampling
  const series = seriesOf(Object.keys(anytime.arms).map((name) => ({ name, evaluator: arms[name]?.evaluator ?? '' })))
  if (rowsOf(anytime, 'computeSeconds').length === 0) return null
  const ends = series.map(({ name }) => {
    const last = anytime.arms[name]?.computeSeconds.mean.at(-1) ?? null
    return `${name} ${formatAccuracy(last)}`
  })
  return {
    name: 'anytime',
    title: 'What each search would have found if it had ended earlier',
    caption:
      'Test accuracy of the network handed over at each moment, its finalists trained in full and paid for: mean of ' +
      `${searches} replayed searches, with the band that holds 95 % of them. A line starts when every search has a ` +
      `network. Wall-clock times are estimates for ${workers} ${workers === 1 ? 'worker' : 'workers'}.`,
    alt: `Curves of test accuracy against time. At the end: ${ends.join(', ')}.`,
    spec(layout) {
      const { columns, panelWidth } = panelGrid(axes.length, layout, { wide: 2, narrow: 1 })
      const views = axes.map(([axis, title]) => panel(rowsOf(anytime, axis), title, series, panelWidth, layout))
      return panels(views, columns, layout)
    },
  }
}

function panel(
  rows: ReturnType<typeof rowsOf>,
  title: string,
  series: readonly Series[],
  width: number,
  layout: Layout,
): View {
  const { scale, axis } = secondsScale(
    rows.map(({ seconds }) => seconds),
    layout,
  )
  const y = { type: 'quantitative' as const, title: 'test accuracy (%)', scale: { zero: false } }
  return {
    width,
    height: layout.narrow ? 210 : 290,
    data: { values: rows },
    encoding: {
      x: { field: 'seconds', type: 'quantitative', title, scale: { ...scale, domain: tight(rows) }, axis },
      color: { field: 'arm', type: 'nominal', ...colourScale(series, layout.narrow ? 3 : series.length) },
    },
    layer: [
      {
        mark: { type: 'area', opacity: 0.13 },
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

/** Where there are curves. */
function tight(rows: ReturnType<typeof rowsOf>): [number, number] {
  const seconds = rows.map((row) => row.seconds)
  return [Math.min(...seconds), Math.max(...seconds)]
}

function rowsOf({ arms, times }: Resampling['anytime'], axis: TimeAxis) {
  return Object.entries(arms).flatMap(([arm, curves]) =>
    times[axis].flatMap((seconds, i) => {
      const { mean, low, high } = curves[axis]
      const [middle, lower, upper] = [mean[i], low[i], high[i]]
      if (middle == null || lower == null || upper == null) return []
      return [{ arm, seconds, mean: 100 * middle, low: 100 * lower, high: 100 * upper }]
    }),
  )
}
