import type { Chart } from '../charts/chart.js'
import { layouts } from '../charts/chart.js'
import { renderSvg } from '../charts/render.js'
import { Html, html } from './html.js'
import { pageStyle } from './style.js'

/** A key figure. */
export interface KeyFigure {
  readonly title: string
  readonly value: string
  /** Its interval, or why there is none. */
  readonly note: string
}

/** The part of the page above the charts. */
export interface Headline {
  readonly title: string
  /** What was run, in one line. */
  readonly what: string
  /** The result in words: the first sentence large, the others below. */
  readonly verdict: readonly string[]
  /** Caveats, such as that the run was stopped. */
  readonly notices: readonly string[]
  readonly figures: readonly KeyFigure[]
}

/** A whole page in one file, for screens of any width, light and dark, and paper. */
export async function renderPage(head: Headline, charts: readonly Chart[], sections: readonly Html[]): Promise<string> {
  const [first = '', ...more] = head.verdict
  const figures: Html[] = []
  for (const chart of charts) figures.push(await renderFigure(chart))
  const body = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${head.title}</title>
<style>${new Html(pageStyle)}</style>
</head>
<body>
<main>
<header>
<h1>${head.title}</h1>
<p class="what">${unbroken(head.what)}</p>
${head.notices.map((notice) => html`<p class="notice">${notice}</p>\n`)}<p class="verdict">${unbroken(first)}</p>
${renderFigures(head.figures)}${more.map((sentence) => html`<p class="more">${unbroken(sentence)}</p>\n`)}</header>
${figures}${sections.map((section) => html`<section class="card">${section}</section>\n`)}</main>
</body>
</html>
`
  return body.text
}

function renderFigures(figures: readonly KeyFigure[]): Html | null {
  if (figures.length === 0) return null
  return html`<dl class="figures">
${figures.map(
  ({ title, value, note }) =>
    html`<div><dt>${title}</dt><dd class="value">${value}</dd><dd class="note">${unbroken(note)}</dd></div>\n`,
)}</dl>
`
}

/** Drawn for wide and narrow pages; the style sheet shows one of them. */
async function renderFigure(chart: Chart): Promise<Html> {
  const wide = await renderSvg(chart, layouts.wide)
  const narrow = await renderSvg(chart, layouts.narrow)
  return html`<section class="card" id="${chart.name}">
<h2>${chart.title}</h2>
<p>${unbroken(chart.caption)}</p>
<figure><div class="wide">${new Html(wide)}</div><div class="narrow">${new Html(narrow)}</div></figure>
</section>
`
}

/** Keeps a number and its per cent sign, and the bounds of an interval, on one line. */
function unbroken(text: string): string {
  return text.replaceAll(/(\d|\bx) %/g, '$1\u00a0%').replaceAll(/\[([^\]\s]+), ([^\]\s]+)\]/g, '[$1,\u00a0$2]')
}
