/*
 * Draws a run of benchmarks/scale.mjs: the processor's seconds for each 10,000 trials of a search, and its resident
 * memory, as it grows. Called by scripts/performance-tables.mjs, which keeps docs/scale.svg up to date.
 */
const grey = '#808890'
const colours = ['#4477aa', '#ee6677']
const left = 70
const right = 740
const panels = {
  cpuSeconds: { title: 'processor’s seconds for 10,000 trials', top: 40, bottom: 190 },
  residentMiB: { title: 'resident memory, MiB', top: 250, bottom: 400 },
}
const round = (value) => Number(value.toFixed(1))

/** The picture as SVG text. */
export function drawScale({ courses, trials }) {
  const x = (count) => round(left + ((right - left) * count) / trials)
  const named = Object.entries(courses)
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 476" font-family="sans-serif" font-size="13" fill="${grey}">`,
    ...Object.entries(panels).flatMap(([unit, panel]) => drawPanel(unit, panel, named, x)),
    ...Array.from({ length: 6 }, (_, i) => (i * trials) / 5).map(
      (count) =>
        `<text x="${x(count)}" y="420" text-anchor="middle">${Math.round(count).toLocaleString('en-US')}</text>`,
    ),
    `<text x="${right}" y="438" text-anchor="end">trials finished</text>`,
    ...named.map(([name], i) => legend(name, i)),
    '</svg>',
  ]
  return `${lines.join('\n')}\n`
}

function drawPanel(unit, { title, top, bottom }, named, x) {
  const most = roundUp(Math.max(...named.flatMap(([, samples]) => samples.map((sample) => sample[unit]))))
  const y = (value) => round(bottom - ((bottom - top) * value) / most)
  return [
    `<text x="${left}" y="${top - 14}" font-size="14" font-weight="bold">${title}</text>`,
    `<path d="M${left} ${top} V${bottom} H${right}" fill="none" stroke="${grey}"/>`,
    ...[0, most / 2, most].map(
      (value) => `<text x="${left - 8}" y="${y(value) + 4}" text-anchor="end">${Number(value.toPrecision(3))}</text>`,
    ),
    ...named.map(([name, samples], i) => {
      const points = samples.map((sample) => `${x(sample.trials)} ${y(sample[unit])}`)
      return `<path d="M${points.join(' L')}" fill="none" stroke="${colours[i]}" stroke-width="1.5"><title>${name}</title></path>`
    }),
  ]
}

/** To 1, 2 or 5 times a power of ten. */
function roundUp(value) {
  const power = 10 ** Math.floor(Math.log10(value))
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value)
}

function legend(name, i) {
  const at = left + 160 * i
  return `<path d="M${at} 461 h18" stroke="${colours[i]}" stroke-width="2"/><text x="${at + 26}" y="465">${name}</text>`
}
