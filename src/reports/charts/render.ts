import { visibleLine, visibleText } from '../../platform/visible-text.js'
import { type Chart, type Layout, layouts } from './chart.js'
import { textWidth } from './text-width.js'
import { chartConfig, colour, darkRules } from './theme.js'

/**
 * Draws a chart as SVG in the light colours, on no background. The same chart gives the same bytes.
 *
 * @param warn called with warnings of Vega-Lite, which indicate a bug in a chart; used by tests.
 * @param padding pixels around it.
 */
export async function renderSvg(
  chart: Chart,
  layout: Layout,
  warn: (message: string) => void = () => {},
  padding = 4,
): Promise<string> {
  // Loaded on demand, because it takes a fifth of a second.
  const [vega, { compile }] = await Promise.all([import('vega'), import('vega-lite')])
  const logger = loggerTo(warn)
  const { spec } = compile({ config: { ...chartConfig, padding }, ...drawable(chart.spec(layout)) }, { logger })
  const { resetSVGDefIds, textMetrics } = vega as unknown as UntypedVega
  textMetrics.width = ({ fontSize = 11 }, text) => textWidth(text, fontSize)
  // Numbers the names of clip paths.
  resetSVGDefIds()
  const view = new vega.View(vega.parse(spec), { renderer: 'none', logger })
  try {
    // The description may also contain characters that XML does not allow, even escaped.
    return visibleText(compact(label(await view.toSVG(), chart, layout)))
  } finally {
    view.finalize()
  }
}

/**
 * Makes the texts of a specification safe for Vega, whatever names they contain. In its expressions a line separator is
 * a syntax error, and it looks names up in objects, where `constructor` finds an inherited property. A non-breaking
 * space makes that a different name that looks the same.
 */
function drawable<T>(spec: T): T {
  return withTexts(spec, (text) => (text in Object.prototype ? `${text}\u00a0` : visibleLine(text))) as T
}

function withTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map((inner) => withTexts(inner, change))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withTexts(inner, change)]))
}

/** Draws a chart as a separate file, on a background, with light and dark colours. */
export async function renderStandalone(chart: Chart): Promise<string> {
  const svg = await renderSvg(chart, layouts.wide, undefined, 18)
  const style = `<style>@media (prefers-color-scheme: dark){\n${darkRules('svg')}\n}</style>`
  const background = `<rect width="100%" height="100%" rx="8" fill="${colour('surface')}"/>`
  return `${svg.replace(/^<svg [^>]*>/, (opening) => `${opening}${style}${background}`)}\n`
}

/** Parts of Vega's interface that are missing in its types. */
interface UntypedVega {
  readonly resetSVGDefIds: () => void
  readonly textMetrics: { width: (item: { readonly fontSize?: number }, text: string) => number }
}

/** Vega's logger, which writes to the console by default. */
function loggerTo(warn: (message: string) => void) {
  const logger = {
    level: () => logger,
    info: () => logger,
    debug: () => logger,
    warn(...messages: readonly unknown[]) {
      warn(messages.map(String).join(' '))
      return logger
    },
    error(...messages: readonly unknown[]): never {
      throw new Error(messages.map(String).join(' '))
    },
  }
  return logger as never
}

/** Shortens the SVG to half its size: rounds to a tenth of a pixel, and draws points as circles. */
function compact(svg: string): string {
  return svg
    .replace(/ (?:transform|d)="[^"]*"/g, (attribute) =>
      attribute.replace(/-?\d+\.\d+/g, (number) => String(Number(Number(number).toFixed(1)))),
    )
    .replace(
      /<path transform="translate\(([^,)]+),([^)]+)\)" d="M([\d.]+),0A\3,\3,0,1,1,-\3,0A\3,\3,0,1,1,\3,0"/g,
      '<circle cx="$1" cy="$2" r="$3"',
    )
}

/** Adds the text for screen readers, and makes ids unique on the page. */
function label(svg: string, { alt, name }: Chart, { narrow }: Layout): string {
  const text = alt.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
  return svg
    .replace(/ xmlns:xlink="[^"]*"| version="[^"]*"| class="marks"/g, '')
    .replace('<svg ', () => `<svg role="img" aria-label="${text}" `)
    .replaceAll(/(id="|url\(#)((?:clip|gradient)\d+)/g, `$1${name}${narrow ? '-narrow' : ''}-$2`)
}
