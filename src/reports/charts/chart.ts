import type { TopLevelSpec } from 'vega-lite'

/** The layout of a chart: charts are laid out separately for a narrow page, because shrunk text is unreadable. */
export interface Layout {
  /** Width of the whole picture, in pixels. */
  readonly width: number
  readonly narrow: boolean
}

export const layouts = {
  wide: { width: 940, narrow: false },
  narrow: { width: 344, narrow: true },
} as const satisfies Readonly<Record<string, Layout>>

/** A chart of a run, with title and texts. */
export interface Chart {
  /** Name of its file and anchor: lower-case letters and hyphens. */
  readonly name: string
  readonly title: string
  /** Caption: what is drawn, over which data. */
  readonly caption: string
  /** Description for screen readers. */
  readonly alt: string
  spec(layout: Layout): TopLevelSpec
}

/** Maximum number of points; of more, an evenly spaced part is drawn. */
export const mostPoints = 1500
