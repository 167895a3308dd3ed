import type { PixelRows } from './interleaved-pixels.js'

/*
 * Area averages by exact integers: an input that an output covers in part counts by the covered part, in units of 1 / size
 * of an input, and the sum is divided once. Rows are added four bytes at a time, in 16 bits each, which is what makes this
 * fast.
 */

/** How many times smaller both sides must become: below, there is little to add up, and many values are ties. */
const leastRatio = 3
/** Maximum rows that an output covers wholly: 257 bytes fit in 16 bits. */
const mostWholeRows = 257

/** The value of an output in the order of computing that decides between two bytes. */
export type DecideTie = (image: PixelRows, y: number, x: number, channel: number) => number

/** Which inputs each output covers, in units of 1 / size of an input. */
interface Cover {
  /** The inputs `from[i]` to `to[i] - 1` are covered wholly, and count `whole`. */
  readonly from: Int32Array
  readonly to: Int32Array
  readonly whole: number
  /** What the inputs before and behind these count; 0 if they are not covered. */
  readonly before: Int32Array
  readonly behind: Int32Array
}

/** Whether `createAreaAverage` takes images of these sides. */
export function canAverage(height: number, width: number, size: number): boolean {
  return Math.min(height, width) >= leastRatio * size && height <= mostWholeRows * size
}

/**
 * Creates a function that averages areas of images of these sides, for which `canAverage` holds.
 *
 * @param decideTie gives the values that lie exactly between two bytes.
 */
export function createAreaAverage(
  height: number,
  width: number,
  size: number,
  decideTie: DecideTie,
): (image: PixelRows, out: Uint8Array) => void {
  const rows = createCover(height, size)
  const columns = createCover(width, size)
  const area = height * width
  return (image, out) => {
    const { channels, perPixel } = image
    const { words, stride } = asWords(image)
    const sums = new Int32Array(4 * stride)
    const totals = new Float64Array(channels * size)
    for (let y = 0; y < size; y++) {
      addRows(words, stride, rows, y, sums)
      if (channels === 1) addGrey(sums, perPixel, columns, totals)
      else addColour(sums, perPixel, columns, totals)
      for (let channel = 0; channel < channels; channel++) {
        const row = (channel * size + y) * size
        for (let x = 0, from = channel; x < size; x++, from += channels) {
          const mean = (totals[from] as number) / area
          const rounded = Math.floor(mean + 0.5)
          // The quotient is a tie only if the exact mean is one: any other is further from it than its rounding.
          out[row + x] = rounded - mean === 0.5 ? Math.round(decideTie(image, y, x, channel)) : rounded
        }
      }
    }
  }
}

function createCover(length: number, size: number): Cover {
  const from = new Int32Array(size)
  const to = new Int32Array(size)
  const before = new Int32Array(size)
  const behind = new Int32Array(size)
  for (let i = 0; i < size; i++) {
    from[i] = Math.ceil((i * length) / size)
    to[i] = Math.floor(((i + 1) * length) / size)
    before[i] = (from[i] as number) * size - i * length
    behind[i] = (i + 1) * length - (to[i] as number) * size
  }
  return { from, to, whole: size, before, behind }
}

/** The values four at a time; `stride` words a row. They are copied only where rows do not begin at a word. */
function asWords({ values, perPixel, height, width }: PixelRows): { words: Int32Array; stride: number } {
  const bytes = perPixel * width
  if (bytes % 4 === 0 && values.byteOffset % 4 === 0) {
    return { words: new Int32Array(values.buffer, values.byteOffset, (bytes / 4) * height), stride: bytes / 4 }
  }
  const stride = Math.ceil(bytes / 4)
  const padded = new Uint8Array(4 * stride * height)
  for (let y = 0; y < height; y++) padded.set(values.subarray(y * bytes, (y + 1) * bytes), 4 * stride * y)
  return { words: new Int32Array(padded.buffer), stride }
}

/** Adds the rows that output `y` covers, byte by byte. */
function addRows(words: Int32Array, stride: number, rows: Cover, y: number, sums: Int32Array): void {
  const { whole } = rows
  const before = rows.before[y] as number
  const behind = rows.behind[y] as number
  const from = (rows.from[y] as number) * stride
  const to = (rows.to[y] as number) * stride
  // A row that counts nothing may be any.
  const above = before > 0 ? from - stride : from
  const below = behind > 0 ? to : from
  for (let at = 0, o = 0; at < stride; at++, o += 4) {
    let even = 0
    let odd = 0
    for (let w = from + at; w < to + at; w += stride) {
      const word = words[w] as number
      even = (even + (word & 0xff00ff)) | 0
      odd = (odd + ((word >>> 8) & 0xff00ff)) | 0
    }
    const first = words[above + at] as number
    const last = words[below + at] as number
    sums[o] = whole * (even & 0xffff) + before * (first & 0xff) + behind * (last & 0xff)
    sums[o + 1] = whole * (odd & 0xffff) + before * ((first >>> 8) & 0xff) + behind * ((last >>> 8) & 0xff)
    sums[o + 2] = whole * (even >>> 16) + before * ((first >>> 16) & 0xff) + behind * ((last >>> 16) & 0xff)
    sums[o + 3] = whole * (odd >>> 16) + before * (first >>> 24) + behind * (last >>> 24)
  }
}

/** Adds the columns that each output covers. */
function addGrey(sums: Int32Array, perPixel: number, columns: Cover, totals: Float64Array): void {
  for (let x = 0; x < totals.length; x++) {
    const from = (columns.from[x] as number) * perPixel
    const to = (columns.to[x] as number) * perPixel
    const before = columns.before[x] as number
    const behind = columns.behind[x] as number
    let grey = 0
    for (let at = from; at < to; at += perPixel) grey += sums[at] as number
    grey *= columns.whole
    if (before > 0) grey += before * (sums[from - perPixel] as number)
    if (behind > 0) grey += behind * (sums[to] as number)
    totals[x] = grey
  }
}

/** The same for three colours at once, in half the time of one after the other. */
function addColour(sums: Int32Array, perPixel: number, columns: Cover, totals: Float64Array): void {
  const { whole } = columns
  for (let x = 0, o = 0; o < totals.length; x++, o += 3) {
    const from = (columns.from[x] as number) * perPixel
    const to = (columns.to[x] as number) * perPixel
    const before = columns.before[x] as number
    const behind = columns.behind[x] as number
    let red = 0
    let green = 0
    let blue = 0
    for (let at = from; at < to; at += perPixel) {
      red += sums[at] as number
      green += sums[at + 1] as number
      blue += sums[at + 2] as number
    }
    red *= whole
    green *= whole
    blue *= whole
    if (before > 0) {
      red += before * (sums[from - perPixel] as number)
      green += before * (sums[from - perPixel + 1] as number)
      blue += before * (sums[from - perPixel + 2] as number)
    }
    if (behind > 0) {
      red += behind * (sums[to] as number)
      green += behind * (sums[to + 1] as number)
      blue += behind * (sums[to + 2] as number)
    }
    totals[o] = red
    totals[o + 1] = green
    totals[o + 2] = blue
  }
}
