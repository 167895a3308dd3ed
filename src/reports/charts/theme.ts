import type { Config } from 'vega-lite'
import type { SeriesColour } from '../../evaluators/traits.js'

/**
 * Every colour a chart may use, on a light page and on a dark one. Charts are drawn in the light ones, which are all
 * different, so that a style sheet can replace them by the dark ones (`darkRules`). The hues are those of Okabe and
 * Ito, which colour-blind readers tell apart; the steps within a hue differ in lightness too.
 */
export const palette = {
  surface: { light: '#ffffff', dark: '#171b21' },
  ink: { light: '#1c2430', dark: '#e9edf2' },
  muted: { light: '#55606e', dark: '#a9b4c0' },
  grid: { light: '#e3e7ec', dark: '#2b323b' },
  axis: { light: '#98a2ae', dark: '#5d6875' },
  faint: { light: '#b4bcc6', dark: '#58636f' },
  orange: { light: '#d55e00', dark: '#ff8534' },
  orange2: { light: '#e69f00', dark: '#ffc14d' },
  orange3: { light: '#8f3f00', dark: '#ffb58a' },
  grey: { light: '#3f4752', dark: '#cbd3dc' },
  blue: { light: '#0072b2', dark: '#3fa9f0' },
  blue2: { light: '#56b4e9', dark: '#8fd3ff' },
  blue3: { light: '#00466e', dark: '#2f8fd8' },
  blue4: { light: '#5f8fb4', dark: '#b5d7ee' },
  green: { light: '#009e73', dark: '#2fd0a2' },
  green2: { light: '#66c2a3', dark: '#93e6cb' },
  green3: { light: '#00573f', dark: '#12a07a' },
  green4: { light: '#7a9e2f', dark: '#b8da6c' },
  purple: { light: '#b0578d', dark: '#e39ac5' },
  purple2: { light: '#7d3a63', dark: '#f0bcd9' },
} as const satisfies Readonly<
  Record<SeriesColour, { readonly light: string; readonly dark: string }> &
    Record<string, { readonly light: string; readonly dark: string }>
>

export type Colour = keyof typeof palette

/** The colour as charts are drawn in it. */
export function colour(name: Colour): string {
  return palette[name].light
}

export const fontFamily = 'system-ui, sans-serif'

/** Style rules that replace the light colours by the dark ones within `selector`. */
export function darkRules(selector: string): string {
  return Object.values(palette)
    .flatMap(({ light, dark }) =>
      ['fill', 'stroke'].map((property) => `${selector} [${property}="${light}"]{${property}:${dark}}`),
    )
    .join('\n')
}

/** What all charts have in common. */
export const chartConfig: Config = {
  aria: false,
  background: 'transparent',
  font: fontFamily,
  view: { stroke: null },
  axis: {
    domainColor: colour('axis'),
    gridColor: colour('grid'),
    tickColor: colour('axis'),
    labelColor: colour('muted'),
    titleColor: colour('muted'),
    labelFontSize: 11.5,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    titlePadding: 8,
    labelPadding: 4,
    tickSize: 4,
  },
  axisY: { domain: false, ticks: false },
  legend: {
    orient: 'top',
    direction: 'horizontal',
    title: null,
    labelColor: colour('ink'),
    labelFontSize: 12.5,
    labelLimit: 260,
    symbolSize: 90,
    columnPadding: 16,
    rowPadding: 4,
    offset: 12,
  },
  title: { color: colour('ink'), fontSize: 13, fontWeight: 600, anchor: 'start', frame: 'group', offset: 9 },
  concat: { spacing: 28 },
}
