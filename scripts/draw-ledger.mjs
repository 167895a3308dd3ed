/*
 * Draws where the compute time of a comparison went, as an SVG with one bar for each arm:
 *
 *   node scripts/draw-ledger.mjs results/reference/quick-seed-1/summary.json > docs/ledger.svg
 */
import { readFileSync } from 'node:fs'

const [file] = process.argv.slice(2)
if (file === undefined) {
  process.stderr.write('usage: node scripts/draw-ledger.mjs SUMMARY.json > PICTURE.svg\n')
  process.exit(2)
}
const { arms, speedup } = JSON.parse(readFileSync(file, 'utf8'))

/** Phases in the order they are drawn; colours that colour-blind readers tell apart, on light and dark pages. */
const segments = [
  { title: 'stage 1: train to the threshold', colour: '#4477aa', phases: ['evaluation/stage1'] },
  { title: 'stage 2: freeze, train the rest', colour: '#66ccee', phases: ['evaluation/features', 'evaluation/stage2'] },
  { title: 'finalists: full training', colour: '#ee6677', phases: ['finalists/train', 'finalists/validate'] },
  {
    title: 'full training of every architecture',
    colour: '#ccbb44',
    phases: ['evaluation/train', 'evaluation/validate'],
  },
]

const width = 760
const left = 120
const secondsToPixels = (width - left - 120) / Math.max(...Object.values(arms).map((arm) => arm.computeSeconds))
const round = (value) => Number(value.toFixed(1))

function bar([name, arm], row) {
  const y = 28 + 52 * row
  let x = left
  const rectangles = segments.flatMap(({ colour, phases }) => {
    const seconds = phases.reduce((sum, phase) => sum + (arm.phases[phase]?.computeSeconds ?? 0), 0)
    if (seconds === 0) return []
    const rectangle = `<rect x="${round(x)}" y="${y}" width="${round(seconds * secondsToPixels)}" height="34" fill="${colour}"/>`
    x += seconds * secondsToPixels
    return [rectangle]
  })
  return [
    `<text x="${left - 10}" y="${y + 22}" text-anchor="end">${name === 'fear' ? 'FEAR search' : 'full training'}</text>`,
    ...rectangles,
    `<text x="${round(x + 8)}" y="${y + 22}">${arm.computeSeconds.toFixed(0)} s</text>`,
  ]
}

function legend({ title, colour }, index) {
  const x = left + 300 * (index % 2)
  const y = 150 + 22 * Math.floor(index / 2)
  return [
    `<rect x="${x}" y="${y - 11}" width="13" height="13" fill="${colour}"/>`,
    `<text x="${x + 20}" y="${y}">${title}</text>`,
  ]
}

const lines = [
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} 190" font-family="sans-serif" font-size="14" fill="#808890">`,
  `<text x="${left}" y="16">compute time of one search over ${arms.fear.trials} architectures: ${speedup.computeSeconds.toFixed(1)} times less with FEAR</text>`,
  ...Object.entries(arms).flatMap(bar),
  ...segments.flatMap(legend),
  '</svg>',
]
process.stdout.write(`${lines.join('\n')}\n`)
