import { displayNamed } from '../../evaluators/registry.js'
import type { Layout } from './chart.js'
import { textWidth } from './text-width.js'
import { type Colour, colour } from './theme.js'

/** An arm of a comparison or a method of a ranking. */
export interface NamedSeries {
  readonly name: string
  /** The name of its evaluator. */
  readonly evaluator: string
}

/** The style of a series in all charts, with a unique colour and shape. */
export interface Series extends NamedSeries {
  readonly colour: string
  readonly shape: string
  /** Dash pattern of its line; empty for a solid line. */
  readonly dash: readonly number[]
}

const shapes = [
  'circle',
  'square',
  'triangle-up',
  'diamond',
  'cross',
  'triangle-down',
  'triangle-right',
  'triangle-left',
] as const
const dashes = [[], [7, 3], [2, 2], [9, 3, 2, 3]] as const

export function seriesOf(all: readonly NamedSeries[]): readonly Series[] {
  const members = new Map<string, number>()
  return all.map(({ name, evaluator }, index) => {
    const member = members.get(evaluator) ?? 0
    members.set(evaluator, member + 1)
    // One hue for all arms with the same evaluator, which differ in lightness.
    const { colours, isDashed = false } = displayNamed(evaluator)
    return {
      name,
      evaluator,
      colour: colour(colours[member % colours.length] as Colour),
      shape: shapes[index % shapes.length] as string,
      dash: dashes[(member + (isDashed ? 1 : 0)) % dashes.length] as readonly number[],
    }
  })
}

/** Their colours as a scale, with its legend. */
export function colourScale(series: readonly Series[], { narrow }: Layout) {
  const columns = legendColumns(series, narrow)
  return {
    scale: { domain: series.map(({ name }) => name), range: series.map((one) => one.colour) },
    sort: null,
    legend: { columns, symbolOpacity: 1, ...(narrow ? { labelFontSize: 11.5, columnPadding: 10 } : {}) },
  }
}

export function shapeScale(series: readonly Series[]) {
  return {
    scale: { domain: series.map(({ name }) => name), range: series.map(({ shape }) => shape) },
    sort: null,
  }
}

/** The number of columns that fit, with equal cells. */
function legendColumns(series: readonly Series[], narrow: boolean): number {
  const longest = Math.max(...series.map(({ name }) => textWidth(name, narrow ? 11.5 : 12.5)))
  const most = Math.max(1, Math.floor((narrow ? 330 : 880) / (longest + 40)))
  return Math.ceil(series.length / Math.ceil(series.length / most))
}
