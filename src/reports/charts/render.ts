import { visibleLine, visibleText } from '../../platform/visible-text.js'
import { type Chart, type Layout, layouts } from './chart.js'
import { textWidth } from './text-width.js'
import { chartConfig, colour, darkRules } from './theme.js'

/**
 * Draws a chart as SVG in the light colours, on no background. The same chart gives the same bytes.
 *
 * @param warn told what Vega-Lite finds odd, which is a mistake of ours; tests listen.
 * @param padding pixels around it.
 */
export async function renderSvg(
  chart: Chart,
  layout: Layout,
  warn: (message: string) => void = () => {},
  padding = 4,
): Promise<string> {
  // Loaded when something is drawn: they take a fifth of a second, which no other command should pay.
  const [vega, { compile }] = await Promise.all([import('vega'), import('vega-lite')])
  const logger = loggerTo(warn)
  const { spec } = compile({ config: { ...chartConfig, padding }, ...drawable(chart.spec(layout)) }, { logger })
  const { resetSVGDefIds, textMetrics } = vega as unknown as UntypedVega
  textMetrics.width = ({ fontSize = 11 }, text) => textWidth(text, fontSize)
  // Names of clip paths are counted through.
  resetSVGDefIds()
  const view = new vega.View(vega.parse(spec), { renderer: 'none', logger })
  try {
    // The description, too, may hold characters that XML does not allow, escaped or not.
    return visibleText(compact(label(await view.toSVG(), chart, layout)))
  } finally {
    view.finalize()
  }
}

/**
 * A specification whose texts Vega can take, whatever names are among them: in its expressions a line separator is a
 * syntax error, and it looks names up in objects, where `constructor` finds what all objects have. A space that does not
 * break makes that another name, which looks the same.
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

/** Draws a chart as a file of its own, on a background, in the reader's colours. */
export async function renderStandalone(chart: Chart): Promise<string> {
  const svg = await renderSvg(chart, layouts.wide, undefined, 18)
  const style = `<style>@media (prefers-color-scheme: dark){\n${darkRules('svg')}\n}</style>`
  const background = `<rect width="100%" height="100%" rx="8" fill="${colour('surface')}"/>`
  return `${svg.replace(/^<svg [^>]*>/, (opening) => `${opening}${style}${background}`)}\n`
}

/** Parts of Vega's interface that its types leave out. */
interface UntypedVega {
  readonly resetSVGDefIds: () => void
  readonly textMetrics: { width: (item: { readonly fontSize?: number }, text: string) => number }
}

/** Vega's way of talking, which goes to the console if it is let. */
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

/** Says the same in fewer characters: a tenth of a pixel is enough, and a point is a circle. Half of the bytes. */
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

/** Gives the picture its text for screen readers, and names that no other picture of the page has. */
function label(svg: string, { alt, name }: Chart, { narrow }: Layout): string {
  const text = alt.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
  return svg
    .replace(/ xmlns:xlink="[^"]*"| version="[^"]*"| class="marks"/g, '')
    .replace('<svg ', () => `<svg role="img" aria-label="${text}" `)
    .replaceAll(/(id="|url\(#)((?:clip|gradient)\d+)/g, `$1${name}${narrow ? '-narrow' : ''}-$2`)
}
