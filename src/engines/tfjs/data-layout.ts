/**
 * Conversions between the interface's data layouts (images `[count, channels, height, width]`, filters
 * `[out, in, kernel, kernel]`) and TensorFlow's (`[count, height, width, channels]`, `[kernel, kernel, in, out]`).
 * Each copies once, and only where the two layouts differ.
 */

/** `[outer, rows, columns]` to `[outer, columns, rows]`. */
function swapInner(source: Float32Array, rows: number, columns: number): Float32Array {
  if (rows === 1 || columns === 1) return source
  const size = rows * columns
  const target = new Float32Array(source.length)
  for (let base = 0; base < source.length; base += size) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        target[base + column * rows + row] = source[base + row * columns + column] as number
      }
    }
  }
  return target
}

/** Images from channels first to channels last. May return `nchw` itself. */
export function channelsLast(nchw: Float32Array, channels: number, pixels: number): Float32Array {
  return swapInner(nchw, channels, pixels)
}

/** Images from channels last to channels first. May return `nhwc` itself. */
export function channelsFirst(nhwc: Float32Array, channels: number, pixels: number): Float32Array {
  return swapInner(nhwc, pixels, channels)
}

/** A filter from `[out, in, kernel, kernel]` to `[kernel, kernel, in, out]`. */
export function filterToTensorFlow(oihw: Float32Array, outputs: number, inputs: number): Float32Array {
  const taps = oihw.length / (outputs * inputs)
  const target = new Float32Array(oihw.length)
  forEachWeight(outputs, inputs, taps, (interfaceIndex, tensorFlowIndex) => {
    target[tensorFlowIndex] = oihw[interfaceIndex] as number
  })
  return target
}

/** A filter from `[kernel, kernel, in, out]` to `[out, in, kernel, kernel]`. */
export function filterFromTensorFlow(hwio: Float32Array, outputs: number, inputs: number): Float32Array {
  const taps = hwio.length / (outputs * inputs)
  const target = new Float32Array(hwio.length)
  forEachWeight(outputs, inputs, taps, (interfaceIndex, tensorFlowIndex) => {
    target[interfaceIndex] = hwio[tensorFlowIndex] as number
  })
  return target
}

function forEachWeight(
  outputs: number,
  inputs: number,
  taps: number,
  visit: (interfaceIndex: number, tensorFlowIndex: number) => void,
): void {
  for (let output = 0; output < outputs; output++) {
    for (let input = 0; input < inputs; input++) {
      for (let tap = 0; tap < taps; tap++) {
        visit((output * inputs + input) * taps + tap, (tap * inputs + input) * outputs + output)
      }
    }
  }
}
