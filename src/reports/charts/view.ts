import type { TopLevelSpec } from 'vega-lite'
import type { Layout } from './chart.js'
import { textWidth } from './text-width.js'

/** A part of a chart: marks or layers, with their axes. */
export type View = Extract<TopLevelSpec, { readonly concat: readonly unknown[] }>['concat'][number]
type Layered = Extract<View, { readonly layer: readonly unknown[] }>
export type ChartLayer = Layered['layer'][number]
export type Rows = readonly Readonly<Record<string, unknown>>[]

/** Room for the labels of a vertical axis, and for its title, which the first panel of a row has. */
const labelsWidth = 34
const titleWidth = 22

/**
 * The number of panels per row and the inner width of each.
 *
 * @param spacing between them; less where only the first of a row has labels.
 */
export function panelGrid(
  count: number,
  { narrow, width }: Layout,
  most: { readonly wide: number; readonly narrow: number },
  spacing = columnSpacing(narrow),
): { readonly columns: number; readonly panelWidth: number } {
  const columns = Math.min(count, narrow ? most.narrow : most.wide)
  const inside = width - 12 - titleWidth - labelsWidth - (columns - 1) * spacing
  return { columns, panelWidth: Math.floor(inside / columns) }
}

function columnSpacing(narrow: boolean): number {
  return labelsWidth + (narrow ? 16 : 28)
}

/**
 * Panels in rows, with aligned plot areas. They share colours and shapes, so one legend is above all of them.
 *
 * @param headLines lines of text above each panel; its horizontal axis has its own room.
 * @param spacing as given to `panelGrid`.
 */
export function panels(
  views: readonly View[],
  columns: number,
  headLines: number,
  { narrow }: Layout,
  spacing = columnSpacing(narrow),
): TopLevelSpec {
  return {
    concat: [...views],
    columns,
    bounds: 'flush',
    spacing: { column: spacing, row: 46 + 15 * headLines },
    resolve: { scale: { color: 'shared', shape: 'shared', strokeDash: 'shared' } },
  }
}

/** Wraps a text at spaces to a maximum width. */
export function wrapText(text: string, width: number, fontSize: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    const longer = `${last} ${word}`
    if (last !== undefined && textWidth(longer, fontSize) <= width) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return lines
}
