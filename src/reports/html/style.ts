import { darkRules, palette } from '../charts/theme.js'

type Scheme = 'light' | 'dark'

/** The colours of the page, besides those of the charts. */
const pageColours = {
  page: { light: '#f5f6f8', dark: '#0f1216' },
  accent: { light: '#b34700', dark: '#ff9a52' },
  notice: { light: '#fff4dc', dark: '#3a2d12' },
} as const

function variables(scheme: Scheme): string {
  const { surface, ink, muted, grid } = palette
  return Object.entries({ surface, ink, muted, grid, ...pageColours })
    .map(([name, colours]) => `--${name}:${colours[scheme]}`)
    .join(';')
}

/** Below this page width the narrow charts are shown. */
const narrowBelow = '720px'

/** The page's whole style; no external font, picture or script. */
export const pageStyle = `
:root{color-scheme:light dark;${variables('light')}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",sans-serif}
main{max-width:1040px;margin:0 auto;padding:32px 20px 64px}
h1{font-size:1.7rem;line-height:1.25;margin:0 0 .3rem;letter-spacing:-.01em}
h2{font-size:1.15rem;line-height:1.35;margin:0 0 .35rem}
p{margin:.4rem 0}
.what{color:var(--muted);margin:0 0 1.4rem;overflow-wrap:anywhere}
.verdict{font-size:1.16rem;line-height:1.5;max-width:62ch;margin:.2rem 0 .6rem}
.more{max-width:75ch}
.notice{background:var(--notice);border-radius:8px;padding:.6rem .9rem;margin:0 0 1rem}
header{margin:0 0 1.6rem}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(190px,42vw),1fr));gap:12px;margin:1.2rem 0;padding:0}
.figures div{display:flex;flex-direction:column;background:var(--surface);border:1px solid var(--grid);border-radius:10px;padding:.8rem 1rem}
.figures dt{color:var(--muted);font-size:.88rem;line-height:1.35}
.figures dd{margin:0}
.figures .value{order:-1;font-size:1.75rem;font-weight:650;line-height:1.3;font-variant-numeric:tabular-nums}
.figures .note{color:var(--muted);font-size:.88rem;line-height:1.4}
.card{background:var(--surface);border:1px solid var(--grid);border-radius:10px;padding:18px 20px;margin:0 0 18px;min-width:0}
.card p{color:var(--muted);font-size:.92rem;line-height:1.5;max-width:86ch}
figure{margin:0}
figure svg{display:block;max-width:100%;height:auto;margin:.9rem auto 0}
figure .narrow{display:none}
.scroll{overflow-x:auto;margin:.2rem 0}
table{border-collapse:collapse;font-size:.92rem;font-variant-numeric:tabular-nums;white-space:nowrap;width:100%}
td .bounds{display:block;color:var(--muted);font-size:.88em}
th,td{padding:.36rem .8rem .36rem 0;text-align:right;border-top:1px solid var(--grid);font-weight:400}
thead th,thead td{border-top:0;font-weight:650}
th:first-child,td:first-child{text-align:left;position:sticky;left:0;background:var(--surface)}
th:last-child,td:last-child{padding-right:0}
tbody td,tbody th{vertical-align:top}
tbody th{color:var(--muted)}
.matrix{width:auto}
.matrix td,.matrix th{padding:.3rem .55rem}
.matrix td[style]{background:color-mix(in srgb,var(--accent) calc(var(--share)*.35),transparent)}
.mistakes{display:grid;grid-template-columns:repeat(auto-fill,minmax(112px,1fr));gap:14px}
.mistakes img{width:96px;image-rendering:pixelated}
.mistakes figcaption{font-size:.8rem;line-height:1.3;overflow-wrap:anywhere}
.facts{display:grid;grid-template-columns:max-content 1fr;gap:.3rem 1.2rem;margin:0;font-size:.95rem}
.facts dt{color:var(--muted)}
.facts dd{margin:0;overflow-wrap:anywhere}
pre{overflow-x:auto;background:var(--page);border-radius:8px;padding:.8rem 1rem;font:.86rem/1.5 ui-monospace,Menlo,Consolas,monospace;margin:.5rem 0 0}
code{font:.92em ui-monospace,Menlo,Consolas,monospace;overflow-wrap:anywhere}
summary{cursor:pointer;font-weight:650}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
@media (max-width:${narrowBelow}){
main{padding:20px 10px 40px}
.card{padding:14px 12px}
figure .wide{display:none}
figure .narrow{display:block}

.figures .value{font-size:1.4rem}
tbody th{white-space:normal;min-width:7.5rem}
.facts{grid-template-columns:1fr;gap:0}
.facts dd{margin:0 0 .5rem}
}
@media (prefers-color-scheme:dark){
:root{${variables('dark')}}
${darkRules('figure')}
}
@media print{.card,.figures div{break-inside:avoid}body{background:none}}
`
