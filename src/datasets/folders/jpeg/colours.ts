import type { Frame } from './frame.js'
import type { SamplePlane } from './planes.js'

/** Index of the component's sample for each column or row of the image. */
function positions(length: number, factor: number, most: number): Int32Array {
  const scale = factor / most
  return Int32Array.from({ length }, (_, i) => Math.trunc(i * scale))
}

/** Grey, or red, green and blue planes, `[channels, height, width]`; components of lower resolution are repeated. */
export function toPixels(frame: Frame, planes: readonly SamplePlane[], isYcck: boolean): Uint8Array {
  const { width, height, maxH, maxV, components } = frame
  const size = width * height
  const isGrey = components.length === 1
  const pixels = new Uint8Array(isGrey ? size : 3 * size)
  const columns = components.map(({ h }) => positions(width, h, maxH))
  const rows = components.map(({ v }) => positions(height, v, maxV))
  const lines = components.map(() => new Uint8Array(width))
  const [first, second, third, fourth] = lines as [Uint8Array, Uint8Array, Uint8Array, Uint8Array]
  for (let y = 0; y < height; y++) {
    for (const [i, line] of lines.entries()) {
      const { samples, stride } = planes[i] as SamplePlane
      const from = (rows[i]?.[y] as number) * stride
      const column = columns[i] as Int32Array
      for (let x = 0; x < width; x++) line[x] = samples[from + (column[x] as number)] as number
    }
    if (components.length === 3) yccToRgb(first, second, third)
    if (components.length === 4) cmykToRgb(first, second, third, fourth, isYcck)
    for (let channel = 0; channel < pixels.length / size; channel++) {
      pixels.set(lines[channel] as Uint8Array, channel * size + y * width)
    }
  }
  return pixels
}

/* Formulas and truncation are those of the library jpeg-js 0.4.4 (Apache License 2.0), which older versions used. */

/** Converts JFIF's YCbCr to red, green and blue, in place. */
function yccToRgb(y: Uint8Array, cb: Uint8Array, cr: Uint8Array): void {
  for (let x = 0; x < y.length; x++) {
    const [brightness, blue, red] = [y[x] as number, (cb[x] as number) - 128, (cr[x] as number) - 128]
    y[x] = clamp(brightness + 1.402 * red)
    cb[x] = clamp(brightness - 0.3441363 * blue - 0.71413636 * red)
    cr[x] = clamp(brightness + 1.772 * blue)
  }
}

/** Adobe's inverted cyan, magenta, yellow and black (the first three as brightness and differences, if `isYcck`), likewise. */
function cmykToRgb(c: Uint8Array, m: Uint8Array, y: Uint8Array, k: Uint8Array, isYcck: boolean): void {
  if (isYcck) yccToRgb(c, m, y)
  for (let x = 0; x < c.length; x++) {
    const black = 255 - (k[x] as number)
    for (const ink of [c, m, y]) {
      const amount = isYcck ? (ink[x] as number) : 255 - (ink[x] as number)
      ink[x] = 255 - clamp(amount * (1 - black / 255) + black)
    }
  }
}

const clamp = (value: number): number => (value < 0 ? 0 : Math.min(value, 255))
