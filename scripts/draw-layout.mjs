/*
 * Draws how the native engine lays feature maps out in memory and computes with them:
 *
 *   node scripts/draw-layout.mjs > docs/layout.svg
 */

// Greys and colours that stand out on light and dark pages alike.
const grey = '#808890'
const colours = ['#4477aa', '#66ccee', '#ee6677', '#ccbb44']
const lanes = 16
const lines = []

const text = (x, y, words, options = '') => lines.push(`<text x="${x}" y="${y}" ${options}>${words}</text>`)
const box = (x, y, width, height, fill, options = '') =>
  lines.push(`<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${fill}" ${options}/>`)
const arrow = (x1, y1, x2, y2) =>
  lines.push(`<path d="M${x1} ${y1} L${x2} ${y2}" stroke="${grey}" stroke-width="1.5" marker-end="url(#head)"/>`)

/** A vector: one box a lane, in the colours of the images that lie in it. */
function vector(x, y, lane, height) {
  for (let i = 0; i < lanes; i++) box(x + i * lane, y, lane - 1, height, colours[i % colours.length])
}

function images() {
  text(20, 24, 'a batch of images', 'font-weight="bold"')
  for (let i = lanes - 1; i >= 0; i--) {
    const [x, y] = [24 + 5 * i, 44 + 3.5 * i]
    box(x, y, 84, 84, colours[i % colours.length], `stroke="${grey}" fill-opacity="${i === 0 ? 1 : 0.55}"`)
  }
  for (let i = 1; i < 6; i++) {
    const at = 14 * i
    lines.push(
      `<path d="M24 ${44 + at} h84 M${24 + at} 44 v84" stroke="#ffffff" stroke-opacity="0.5" stroke-width="0.7"/>`,
    )
  }
  text(24, 220, '16 images (8, 4 in narrower vectors)')
}

function memory() {
  text(300, 24, 'in memory: [channels][height][width][lanes]', 'font-weight="bold"')
  const rows = ['channel 0, pixel (0, 0)', 'channel 0, pixel (0, 1)', 'channel 0, pixel (0, 2)']
  rows.forEach((title, row) => {
    const y = 44 + 34 * row
    vector(300, y, 17, 22)
    text(582, y + 16, title)
  })
  text(430, 164, '&#8942;', 'font-size="20"')
  vector(300, 176, 17, 22)
  text(582, 192, 'last channel, last pixel')
  arrow(222, 100, 288, 100)
  text(300, 220, 'one row = one vector = the same pixel of every image')
}

function arithmetic() {
  text(20, 262, 'a convolution: every tap is one fused multiply-add of whole vectors', 'font-weight="bold"')
  box(24, 282, 24, 24, grey)
  text(24, 326, 'one weight, in all lanes')
  text(66, 300, '&#215;', 'font-size="20"')
  vector(92, 282, 12, 24)
  text(190, 326, 'a pixel of the input')
  text(298, 300, '+', 'font-size="20"')
  vector(322, 282, 12, 24)
  text(322, 326, 'sums, held in registers')
  text(526, 301, '=', 'font-size="20"')
  vector(552, 282, 12, 24)
  text(552, 326, 'a pixel of the output')
  text(20, 352, 'No shuffles and no remainders: any number of channels, width, stride and padding fills the vectors.')
}

function schedule() {
  text(20, 398, 'a block of images at a time (some 200 KB, so that it stays in the cache)', 'font-weight="bold"')
  const steps = [
    ['pad, ReLU,', 'transform', 'once a node'],
    ['multiply', 'by the weights', 'every edge'],
    ['transform back,', 'sum statistics', 'on the way out'],
    ['scale and add', 'the edges', 'batch norm'],
    ['the next', 'block', ''],
  ]
  steps.forEach(([first, second, note], i) => {
    const x = 20 + 146 * i
    box(x, 414, 122, 48, 'none', `stroke="${colours[i % colours.length]}" stroke-width="2.5" rx="5"`)
    text(x + 61, 434, first, 'text-anchor="middle"')
    text(x + 61, 452, second, 'text-anchor="middle"')
    text(x + 61, 480, note, 'text-anchor="middle" font-size="12"')
    if (i > 0) arrow(x - 23, 438, x - 5, 438)
  })
}

images()
memory()
arithmetic()
schedule()
process.stdout.write(
  [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 492" font-family="sans-serif" font-size="14" fill="${grey}">`,
    `<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 L8 4 L0 8 z" fill="${grey}"/></marker></defs>`,
    ...lines,
    '</svg>',
    '',
  ].join('\n'),
)
