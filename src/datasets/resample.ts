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
  const columns = createAxis(width, size)
  const rows = createAxis(height, size)
  const planes = pixels.length / (height * width)
  const narrowed = new Float64Array(height * size)
  for (let plane = 0; plane < planes; plane++) {
    resampleRows(pixels.subarray(plane * height * width, (plane + 1) * height * width), width, columns, narrowed)
    resampleColumns(narrowed, size, rows, out.subarray(plane * size * size, (plane + 1) * size * size))
  }
}

function resampleRows(plane: Uint8Array, width: number, axis: Axis, out: Float64Array): void {
  const { starts, weights, taps } = axis
  for (let row = 0, o = 0; row < plane.length; row += width) {
    for (let x = 0; x < starts.length; x++) {
      const start = row + (starts[x] as number)
      let sum = 0
      for (let k = 0; k < taps; k++) sum += (weights[x * taps + k] as number) * (plane[start + k] as number)
      out[o++] = sum
    }
  }
}

function resampleColumns(plane: Float64Array, width: number, axis: Axis, out: Uint8Array): void {
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
