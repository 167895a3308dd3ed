import { DataError } from '../../platform/errors.js'
import { elementReader, isFloat } from '../numpy/elements.js'
import type { ImageAxes } from './layout.js'
import type { NamedArray } from './parts.js'

/** Factor from pixel values to bytes: 255 for values in 0..1. */
export type PixelScale = 1 | 255

/**
 * How to convert images to bytes, decided from all arrays together: values in 0..255 are rounded, floating-point
 * numbers in 0..1 are multiplied by 255 first, and booleans are black and white.
 *
 * @throws DataError for other ranges and for NaN.
 */
export function pixelScale(arrays: readonly NamedArray[]): PixelScale {
  let most = 0
  for (const { where, array } of arrays) {
    if (array.dtype === 'u1') {
      most = 255
      continue
    }
    const read = reader({ where, array })
    const length = array.shape.reduce((product, size) => product * size, 1)
    const range = { low: Infinity, high: -Infinity }
    for (let i = 0; i < length; i++) {
      const value = read(i)
      if (Number.isNaN(value))
        throw new DataError(`${where}: element ${i} is not a number (NaN). Fill it or leave the image out.`)
      if (value < range.low) range.low = value
      if (value > range.high) range.high = value
    }
    if (range.low < 0 || range.high > 255) {
      throw new DataError(
        `${where}: its values run from ${shorten(range.low)} to ${shorten(range.high)}, but pixels must be in 0..255 ` +
          'or 0..1. Scale them, and leave the normalisation to fear-nas.',
      )
    }
    most = Math.max(most, range.high)
  }
  const isFraction = arrays.every(({ array }) => isFloat(array.dtype)) && most <= 1
  return isFraction || arrays.every(({ array }) => array.dtype === 'b1') ? 255 : 1
}

/** The pixels as bytes, `[count, channels, height, width]`. */
export function arrayPixels(named: NamedArray, axes: ImageAxes, scale: PixelScale): Uint8Array {
  const { count, channels, height, width } = axes
  const [n, c, h, w] = axes.strides
  const { array } = named
  const plane = height * width
  if (array.dtype === 'u1' && w === 1 && h === width && (channels === 1 || c === plane) && n === channels * plane) {
    return array.bytes
  }
  const read = reader(named)
  const pixels = new Uint8Array(count * channels * plane)
  let to = 0
  for (let image = 0; image < count; image++) {
    for (let channel = 0; channel < channels; channel++) {
      for (let y = 0; y < height; y++) {
        const from = image * n + channel * c + y * h
        for (let x = 0; x < width; x++) pixels[to++] = Math.round(scale * read(from + x * w))
      }
    }
  }
  return pixels
}

function reader({ where, array }: NamedArray) {
  try {
    return elementReader(array)
  } catch (cause) {
    if (!(cause instanceof DataError)) throw cause
    throw new DataError(`${where}: ${cause.message}. Convert it with astype.`, { cause })
  }
}

const shorten = (value: number): string => String(Number(value.toPrecision(4)))
