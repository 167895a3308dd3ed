/*
 * Draws the roofline of a bench.json: what the machine can do at each arithmetic intensity, and what the native engine
 * does. Called by scripts/performance-tables.mjs, which keeps docs/roofline.svg up to date.
 */
const grey = '#808890'
const kinds = {
  step: { title: 'training step', colour: '#4477aa' },
  tail: { title: 'tail step', colour: '#ee6677' },
  evaluate: { title: 'evaluation', colour: '#ccbb44' },
}
const area = { left: 70, right: 740, top: 40, bottom: 330 }
const intensities = [1, 256]
const round = (value) => Number(value.toFixed(1))

/** 10^9 FLOPs a second in the least disturbed repetition, as a peak is measured too. */
export function reached({ flops, native }) {
  return flops / native.minSeconds / 1e9
}

/** The picture as SVG text. `peakGflops` is that of the engine's instruction set. */
export function drawRoofline({ cases, roofline }, peakGflops) {
  const fastest = Math.max(peakGflops, ...cases.map(reached))
  const speeds = [16, 2 ** Math.ceil(Math.log2(1.2 * fastest))]
  const x = (intensity) => scale(intensity, intensities, area.left, area.right)
  const y = (gflops) => scale(gflops, speeds, area.bottom, area.top)
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 424" font-family="sans-serif" font-size="13" fill="${grey}">`,
    `<text x="${area.left}" y="22" font-size="14" font-weight="bold">one core: GFLOP/s by FLOPs a byte</text>`,
    ...axis(x, y, speeds),
    ...roofs(x, y, roofline, peakGflops, speeds),
    ...cases.map((one) => dot(one, x, y)),
    ...legend(),
    '</svg>',
  ]
  return `${lines.join('\n')}\n`
}

/** Logarithmic. */
function scale(value, [from, to], start, end) {
  return round(start + ((end - start) * Math.log(value / from)) / Math.log(to / from))
}

function axis(x, y, [slowest, fastest]) {
  const powers = (from, to) => Array.from({ length: Math.round(Math.log2(to / from)) + 1 }, (_, i) => from * 2 ** i)
  return [
    `<path d="M${area.left} ${area.top} V${area.bottom} H${area.right}" fill="none" stroke="${grey}"/>`,
    ...powers(...intensities).map(
      (value) => `<text x="${x(value)}" y="${area.bottom + 18}" text-anchor="middle">${value}</text>`,
    ),
    ...powers(slowest, fastest).map(
      (value) => `<text x="${area.left - 8}" y="${y(value) + 4}" text-anchor="end">${value}</text>`,
    ),
    `<text x="${area.right}" y="${area.bottom + 36}" text-anchor="end">FLOPs a byte, if every operation went through memory</text>`,
  ]
}

function roofs(x, y, { bandwidth }, peakGflops, [slowest]) {
  const levels = Object.keys(bandwidth)
    .filter((name) => name !== 'L1')
    .toReversed()
  const slopes = levels.flatMap((name) => {
    const gigabytes = bandwidth[name].copy
    const start = Math.max(intensities[0], slowest / gigabytes)
    const ridge = Math.max(start, peakGflops / gigabytes)
    return [
      `<path d="M${x(start)} ${y(start * gigabytes)} L${x(ridge)} ${y(peakGflops)}" stroke="${grey}" stroke-dasharray="5 4"/>`,
      `<text x="${x(start) + 10}" y="${y(start * gigabytes) + 18}" font-size="12">${name} ${gigabytes.toFixed(0)} GB/s</text>`,
    ]
  })
  return [
    ...slopes,
    `<path d="M${area.left} ${y(peakGflops)} H${area.right}" stroke="${grey}" stroke-width="1.5"/>`,
    `<text x="${area.right}" y="${y(peakGflops) - 6}" text-anchor="end">peak of multiply-adds: ${peakGflops.toFixed(0)} GFLOP/s</text>`,
  ]
}

/** Filled where every operation is a 3x3 convolution, hollow where it is the mixed cell; small for 8 channels. */
function dot(one, x, y) {
  const { kind, name, channels, flops, trafficBytes } = one
  const { colour } = kinds[kind]
  const fill = name.includes('mixed') ? 'none' : colour
  return (
    `<circle cx="${x(flops / trafficBytes)}" cy="${y(reached(one))}" r="${channels >= 16 ? 7 : 4.5}" ` +
    `fill="${fill}" stroke="${colour}" stroke-width="2"><title>${name}</title></circle>`
  )
}

function legend() {
  const titles = Object.values(kinds).map(({ title, colour }, i) => {
    const at = area.left + 130 * i
    return `<circle cx="${at + 6}" cy="390" r="6" fill="${colour}"/><text x="${at + 18}" y="395">${title}</text>`
  })
  return [
    ...titles,
    `<text x="${area.left}" y="415">filled: all conv3x3, hollow: mixed cell; small: 8 channels, large: 16</text>`,
  ]
}
