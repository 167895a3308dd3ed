import type { TopLevelSpec } from 'vega-lite'
import type { Layout } from './chart.js'

/** A part of a picture: marks, or layers of them, with their axes. */
export type View = Extract<TopLevelSpec, { readonly concat: readonly unknown[] }>['concat'][number]
type Layered = Extract<View, { readonly layer: readonly unknown[] }>
export type Layer = Layered['layer'][number]
export type Rows = readonly Readonly<Record<string, unknown>>[]

/** Room for the labels of a vertical axis, and for its title, which the first panel of a row has. */
const labelsWidth = 34
const titleWidth = 22
const spacing = 28

/** How many panels stand beside each other, and how wide the inside of each is. */
export function panelGrid(
  count: number,
  { narrow, width }: Layout,
  most: { readonly wide: number; readonly narrow: number },
): { readonly columns: number; readonly panelWidth: number } {
  const columns = Math.min(count, narrow ? most.narrow : most.wide)
  const gap = narrow ? spacing / 2 : spacing
  return {
    columns,
    panelWidth: Math.floor((width - 12 - titleWidth - columns * labelsWidth - (columns - 1) * gap) / columns),
  }
}

/** Panels in rows. They share colours and shapes, so one legend stands above all of them. */
export function panels(views: readonly View[], columns: number, { narrow }: Layout): TopLevelSpec {
  return {
    concat: [...views],
    columns,
    spacing: narrow ? spacing / 2 : spacing,
    resolve: { scale: { color: 'shared', shape: 'shared', strokeDash: 'shared' } },
  }
}
