import type { TopLevelSpec } from 'vega-lite'

/** The space that a chart is drawn for: charts are laid out anew for a narrow page, because shrunk text is not read. */
export interface Layout {
  /** Of the whole picture, in pixels. */
  readonly width: number
  readonly narrow: boolean
}

export const layouts = {
  wide: { width: 940, narrow: false },
  narrow: { width: 344, narrow: true },
} as const satisfies Readonly<Record<string, Layout>>

/** A picture of a run, and what to say beside it. */
export interface Chart {
  /** Names its file and its place in the page: small letters and hyphens. */
  readonly name: string
  readonly title: string
  /** What is drawn, over what and how much: for everybody. */
  readonly caption: string
  /** What it shows, for those who do not see it. */
  readonly alt: string
  spec(layout: Layout): TopLevelSpec
}

/** More points than a picture can show, or a page should hold: of more, a part is drawn, evenly taken. */
export const mostPoints = 1500
