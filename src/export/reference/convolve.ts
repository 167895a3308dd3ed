import { emptyMaps, type FeatureMaps, outputSize, type Window } from './feature-maps.js'

/** `values` are `[outputs, inputs of the group, rows, columns]`. */
export interface Kernel extends Window {
  readonly outputs: number
  readonly groups: number
  readonly values: Float32Array
}

/** A convolution without bias, summed in float64. Written for this check, and shares no code with any engine. */
export function convolve(input: FeatureMaps, kernel: Kernel): FeatureMaps {
  const [height, width] = outputSize(input, kernel)
  const output = emptyMaps(input.count, kernel.outputs, height, width)
  const pixels = height * width
  const inputs = input.channels / kernel.groups
  const outputs = kernel.outputs / kernel.groups
  const taps = inputs * kernel.kernel[0] * kernel.kernel[1]
  const stride = 4 * Math.ceil(pixels / 4)
  const columns = new Float64Array(taps * stride)
  const weights = Float64Array.from(kernel.values)
  for (let image = 0; image < input.count; image++) {
    for (let group = 0; group < kernel.groups; group++) {
      gather(input, kernel, image, group * inputs, inputs, [height, width], stride, columns)
      const from = group * outputs
      multiply(
        weights.subarray(from * taps, (from + outputs) * taps),
        columns,
        { outputs, taps, pixels, stride },
        output.values.subarray((image * kernel.outputs + from) * pixels),
      )
    }
  }
  return output
}

/** Row `tap` of `columns` gets, for every pixel of the output, the value that the tap meets there; the padding stays 0. */
function gather(
  { channels, height, values, width }: FeatureMaps,
  { dilations, kernel, pads, strides }: Kernel,
  image: number,
  firstChannel: number,
  inputs: number,
  [rows, across]: readonly [number, number],
  stride: number,
  columns: Float64Array,
): void {
  let row = 0
  for (let channel = firstChannel; channel < firstChannel + inputs; channel++) {
    const plane = (image * channels + channel) * height * width
    for (let i = 0; i < kernel[0]; i++) {
      for (let j = 0; j < kernel[1]; j++) {
        const [top, bottom] = inside(i * dilations[0] - pads.top, strides[0], rows, height)
        const [left, right] = inside(j * dilations[1] - pads.left, strides[1], across, width)
        for (let y = top; y < bottom; y++) {
          const to = row + y * across
          let from = plane + (y * strides[0] + i * dilations[0] - pads.top) * width + j * dilations[1] - pads.left
          from += left * strides[1]
          for (let x = left; x < right; x++) {
            columns[to + x] = values[from] as number
            from += strides[1]
          }
        }
        row += stride
      }
    }
  }
}

/** The outputs, of `count`, whose tap at `offset` is inside a side of `size` pixels: from the first to before the last. */
function inside(offset: number, stride: number, count: number, size: number): readonly [from: number, to: number] {
  const from = Math.max(0, Math.ceil(-offset / stride))
  return [from, Math.min(count, Math.floor((size - 1 - offset) / stride) + 1)]
}

interface Sizes {
  readonly outputs: number
  readonly taps: number
  readonly pixels: number
  /** Values from one row of the columns to the next. */
  readonly stride: number
}

/**
 * `result[o][p]` is the sum over the taps of `weights[o][t] * columns[t][p]`. Two rows and four pixels at a time: each value
 * that is read is used more than once, which is several times as fast as the plain loop.
 */
function multiply(weights: Float64Array, columns: Float64Array, sizes: Sizes, result: Float32Array): void {
  const { outputs, pixels, stride, taps } = sizes
  const sums = new Float64Array(8)
  for (let o = 0; o < outputs; o += 2) {
    const rows = Math.min(2, outputs - o)
    for (let p = 0; p < pixels; p += 4) {
      dotProducts(weights, o * taps, rows === 2 ? taps : 0, columns, p, stride, taps, sums)
      const count = Math.min(4, pixels - p)
      for (let r = 0; r < rows; r++) {
        for (let i = 0; i < count; i++) result[(o + r) * pixels + p + i] = sums[4 * r + i] as number
      }
    }
  }
}

function dotProducts(
  weights: Float64Array,
  row: number,
  nextRow: number,
  columns: Float64Array,
  pixel: number,
  stride: number,
  taps: number,
  sums: Float64Array,
): void {
  let a0 = 0
  let a1 = 0
  let a2 = 0
  let a3 = 0
  let b0 = 0
  let b1 = 0
  let b2 = 0
  let b3 = 0
  let at = pixel
  for (let t = row; t < row + taps; t++) {
    const a = weights[t] as number
    const b = weights[t + nextRow] as number
    const c0 = columns[at] as number
    const c1 = columns[at + 1] as number
    const c2 = columns[at + 2] as number
    const c3 = columns[at + 3] as number
    a0 += a * c0
    a1 += a * c1
    a2 += a * c2
    a3 += a * c3
    b0 += b * c0
    b1 += b * c1
    b2 += b * c2
    b3 += b * c3
    at += stride
  }
  sums[0] = a0
  sums[1] = a1
  sums[2] = a2
  sums[3] = a3
  sums[4] = b0
  sums[5] = b1
  sums[6] = b2
  sums[7] = b3
}
