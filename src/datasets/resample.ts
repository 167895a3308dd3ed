import { canAverage, createAreaAverage, type DecideTie } from './area-average.js'
import type { PixelRows } from './interleaved-pixels.js'

/**
 * How one axis is resampled: output `i` is the sum over `k < taps` of `weights[i * taps + k]` times input
 * `starts[i] + k`. The weights of an output sum to one.
 */
interface Axis {
  readonly starts: Int32Array
  readonly weights: Float64Array
  readonly taps: number
}

/**
 * Resamples images to `size` by `size`: each axis by area averaging if it shrinks, linear interpolation if it grows,
 * and unchanged if the length is right.
 *
 * @param pixels bytes, `[planes, height, width]`; a plane is one channel of one image.
 * @param out receives the result, `[planes, size, size]`, rounded to the nearest byte.
 */
export function resampleImages(pixels: Uint8Array, height: number, width: number, size: number, out: Uint8Array): void {
  if (height === size && width === size) {
    out.set(pixels)
    return
  }
  const resample = createResampler(height, width, size)
  const [from, to] = [height * width, size * size]
  for (let plane = 0; plane < pixels.length / from; plane++) {
    const values = pixels.subarray(plane * from, (plane + 1) * from)
    resample({ values, perPixel: 1, channels: 1, height, width }, out.subarray(plane * to, (plane + 1) * to))
  }
}

/**
 * Resamples one image as `resampleImages` does, to the same bytes, without copying it into planes first.
 *
 * @returns `[channels, size, size]`
 */
export function resamplePixels(image: PixelRows, size: number): Uint8Array {
  const out = new Uint8Array(image.channels * size * size)
  createResampler(image.height, image.width, size)(image, out)
  return out
}

type Resampler = (image: PixelRows, out: Uint8Array) => void

function createResampler(height: number, width: number, size: number): Resampler {
  if (canAverage(height, width, size)) {
    // Most sizes have no ties, and weights take a tenth of the time.
    let weighted: DecideTie | null = null
    return createAreaAverage(height, width, size, (...value) => {
      weighted ??= weightedSum(createAxis(height, size), createAxis(width, size))
      return weighted(...value)
    })
  }
  const columns = createAxis(width, size)
  const rows = createAxis(height, size)
  return (image, out) => {
    const narrowed = new Float64Array(height * size * image.channels)
    if (image.channels === 1) {
      narrowGrey(image, columns, narrowed)
      lowerGrey(narrowed, size, rows, out)
    } else {
      narrowColour(image, columns, narrowed)
      lowerColour(narrowed, size, rows, out)
    }
  }
}

/*
 * Loops over three colours at once, which read each weight once: with one loop for each colour, resampling a photo takes
 * three times as long.
 */

/** Resamples the rows to `[height, size]`. */
function narrowGrey({ values, perPixel, width }: PixelRows, { starts, weights, taps }: Axis, out: Float64Array): void {
  for (let row = 0, o = 0; o < out.length; row += perPixel * width) {
    for (let x = 0; x < starts.length; x++) {
      let sum = 0
      let at = row + perPixel * (starts[x] as number)
      const end = (x + 1) * taps
      for (let w = x * taps; w < end; w++, at += perPixel) sum += (weights[w] as number) * (values[at] as number)
      out[o++] = sum
    }
  }
}

/** Resamples the rows to `[height, size, 3]`. */
function narrowColour(
  { values, perPixel, width }: PixelRows,
  { starts, weights, taps }: Axis,
  out: Float64Array,
): void {
  for (let row = 0, o = 0; o < out.length; row += perPixel * width) {
    for (let x = 0; x < starts.length; x++, o += 3) {
      let red = 0
      let green = 0
      let blue = 0
      let at = row + perPixel * (starts[x] as number)
      const end = (x + 1) * taps
      for (let w = x * taps; w < end; w++, at += perPixel) {
        const weight = weights[w] as number
        red += weight * (values[at] as number)
        green += weight * (values[at + 1] as number)
        blue += weight * (values[at + 2] as number)
      }
      out[o] = red
      out[o + 1] = green
      out[o + 2] = blue
    }
  }
}

/** Resamples the columns of `[height, size, 3]` to planes. */
function lowerColour(rows: Float64Array, size: number, { starts, weights, taps }: Axis, out: Uint8Array): void {
  const step = 3 * size
  for (let y = 0, o = 0; y < size; y++) {
    const end = (y + 1) * taps
    for (let x = 0; x < size; x++, o++) {
      let red = 0
      let green = 0
      let blue = 0
      let at = (starts[y] as number) * step + 3 * x
      for (let w = y * taps; w < end; w++, at += step) {
        const weight = weights[w] as number
        red += weight * (rows[at] as number)
        green += weight * (rows[at + 1] as number)
        blue += weight * (rows[at + 2] as number)
      }
      out[o] = Math.round(red)
      out[o + size * size] = Math.round(green)
      out[o + 2 * size * size] = Math.round(blue)
    }
  }
}

/** Resamples the columns of `[height, size]`. */
function lowerGrey(plane: Float64Array, width: number, axis: Axis, out: Uint8Array): void {
  const { starts, weights, taps } = axis
  for (let y = 0, o = 0; y < starts.length; y++) {
    const top = (starts[y] as number) * width
    for (let x = 0; x < width; x++) {
      let sum = 0
      for (let k = 0; k < taps; k++) sum += (weights[y * taps + k] as number) * (plane[top + k * width + x] as number)
      out[o++] = Math.round(sum)
    }
  }
}

/** Computes single outputs in the order of the loops above. */
function weightedSum(rows: Axis, columns: Axis): DecideTie {
  return ({ values, perPixel, width }, y, x, channel) => {
    let sum = 0
    for (let j = 0; j < rows.taps; j++) {
      const row = ((rows.starts[y] as number) + j) * width + (columns.starts[x] as number)
      let rowSum = 0
      for (let k = 0; k < columns.taps; k++) {
        const value = values[(row + k) * perPixel + channel] as number
        rowSum += (columns.weights[x * columns.taps + k] as number) * value
      }
      sum += (rows.weights[y * rows.taps + j] as number) * rowSum
    }
    return sum
  }
}

function createAxis(from: number, to: number): Axis {
  // An area that begins inside an input also ends inside one, so it may touch one input more than its length.
  const taps = Math.min(from, from > to ? Math.ceil(from / to) + 1 : 2)
  const weight = from > to ? coveredShare : linearWeight
  const starts = new Int32Array(to)
  const weights = new Float64Array(to * taps)
  for (let i = 0; i < to; i++) {
    const first = from > to ? (i * from) / to : centreOf(i, from, to)
    const start = Math.min(Math.floor(first), from - taps)
    starts[i] = start
    for (let k = 0; k < taps; k++) weights[i * taps + k] = weight(start + k, i, from, to)
  }
  return { starts, weights, taps }
}

/** Output `i` covers inputs `i * from / to` to `(i + 1) * from / to`: the share of it that input `j` makes up. */
function coveredShare(j: number, i: number, from: number, to: number): number {
  const length = from / to
  return Math.max(0, Math.min((i + 1) * length, j + 1) - Math.max(i * length, j)) / length
}

/** Weight of input `j` between the two whose centres lie beside the centre of output `i`. */
function linearWeight(j: number, i: number, from: number, to: number): number {
  return Math.max(0, 1 - Math.abs(centreOf(i, from, to) - j))
}

/** Centre of output `i` on the input's axis; beyond the outermost inputs' centres, those. */
function centreOf(i: number, from: number, to: number): number {
  return Math.min(Math.max(((i + 0.5) * from) / to - 0.5, 0), from - 1)
}
