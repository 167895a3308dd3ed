import { DataError } from '../../platform/errors.js'
import type { ElementReader } from '../numpy/elements.js'
import type { ImageAxes } from './layout.js'
import { type NamedArray, readerOf } from './parts.js'

/**
 * Images as bytes, and what became of their values. Each array is converted by its own values, so that training images
 * in 0..1 may stand beside test images in 0..255.
 */
export interface ArrayPixels {
  /** `[count, channels, height, width]`. */
  readonly pixels: Uint8Array
  readonly brightest: number
  /** Values beyond the ends of the range, which became its ends. */
  readonly clipped: number
  /** The range of the values. */
  readonly kind: '0..1' | '0..255'
}

/** The values of an array. */
interface Values {
  readonly low: number
  readonly high: number
  /** Whether all are whole numbers. */
  readonly areWhole: boolean
}

/** Share of the range by which values may lie beyond it, as interpolation leaves them. */
const overshoot = 0.1
/** Differences that rounding explains. */
const rounding = 1e-3
/** Fractions that would become fewer levels than these when rounded are not pixels in 0..255. */
const fewestLevels = 32

/**
 * Converts an array of images to bytes: values in 0..255 are rounded; floating-point numbers in 0..1 are multiplied by
 * 255 first; booleans are black and white. Values that lie a little beyond the range become its ends.
 *
 * @throws DataError for NaN and for values that are neither.
 */
export function arrayPixels(named: NamedArray, axes: ImageAxes): ArrayPixels {
  const { dtype, bytes } = named.array
  if (dtype === 'u1') {
    const pixels = isPlanar(axes) ? bytes : convert((i) => bytes[i] as number, axes, 1).pixels
    return { pixels, brightest: brightestOf(pixels), clipped: 0, kind: '0..255' }
  }
  const read = readerOf(named, "Convert it: x.astype('float32').")
  const length = named.array.shape.reduce((product, size) => product * size, 1)
  const kind = dtype === 'b1' ? '0..1' : kindOf(named, valuesOf(named.where, read, length))
  const { pixels, clipped } = convert(read, axes, kind === '0..1' ? 255 : 1)
  return { pixels, brightest: brightestOf(pixels), clipped, kind }
}

function valuesOf(where: string, read: ElementReader, length: number): Values {
  let low = Infinity
  let high = -Infinity
  let areWhole = true
  for (let i = 0; i < length; i++) {
    const value = read(i)
    if (Number.isNaN(value)) {
      throw new DataError(
        `${where}: element ${i} is not a number (NaN). Fill such elements, such as np.nan_to_num(x), or leave the images out.`,
      )
    }
    if (value < low) low = value
    if (value > high) high = value
    areWhole &&= Number.isInteger(value)
  }
  return { low, high, areWhole }
}

function kindOf({ where, array }: NamedArray, { low, high, areWhole }: Values): ArrayPixels['kind'] {
  const isFloat = array.dtype.startsWith('f')
  const fits = (most: number): boolean => low >= -overshoot * most && high <= (1 + overshoot) * most
  if (isFloat && fits(1)) return '0..1'
  const range = `its values run from ${shorten(low)} to ${shorten(high)}`
  const isFraction = !areWhole && high < fewestLevels
  if (!fits(255) || (areWhole && (low < 0 || high > 255)) || (isFraction && low < -rounding)) {
    throw new DataError(
      `${where}: ${range}, but pixels must be in 0..255 or 0..1. Scale them: ${scaling(low, high, areWhole)}. fear-nas normalises them itself.`,
    )
  }
  if (!isFraction) return '0..255'
  throw new DataError(
    `${where}: ${range} and are not whole numbers, so they are pixels neither in 0..1 nor in 0..255. ` +
      `Divide them by the value of white, such as x / ${shorten(Math.ceil(high))}.`,
  )
}

const isPlanar = ({ channels, height, width, strides: [n, c, h, w] }: ImageAxes): boolean =>
  w === 1 && h === width && (channels === 1 || c === height * width) && n === channels * height * width

/** An expression that brings the values into 0..255. */
function scaling(low: number, high: number, areWhole: boolean): string {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return 'np.clip(x, 0, 255), which removes what is infinite'
  const white = [1023, 4095, 16383, 65535].find((most) => areWhole && low >= 0 && high <= most)
  if (white !== undefined) return `(x / ${white} * 255).astype('uint8')`
  // Most likely scaled to -1..1 on purpose.
  if (low >= -1 && low < 0 && high <= 1) return "((x + 1) / 2 * 255).astype('uint8')"
  const limit = Math.max(-low, high)
  const [least, most] = Math.abs(low + high) < 0.1 * high ? [-limit, limit] : [low, high]
  // Small integers would overflow.
  const x = areWhole ? 'x.astype(float)' : 'x'
  const from = least < 0 ? `${x} + ${shorten(-least)}` : `${x} - ${shorten(least)}`
  return `((${from}) / ${shorten(most - least)} * 255).astype('uint8')`
}

function convert(read: ElementReader, axes: ImageAxes, scale: 1 | 255) {
  const { count, channels, height, width } = axes
  const [n, c, h, w] = axes.strides
  const pixels = new Uint8Array(count * channels * height * width)
  const [least, most] = [-rounding, 255 + rounding]
  let to = 0
  let clipped = 0
  for (let image = 0; image < count; image++) {
    for (let channel = 0; channel < channels; channel++) {
      for (let y = 0; y < height; y++) {
        const from = image * n + channel * c + y * h
        for (let x = 0; x < width; x++) {
          const value = scale * read(from + x * w)
          if (value < least || value > most) clipped++
          pixels[to++] = Math.min(255, Math.max(0, Math.round(value)))
        }
      }
    }
  }
  return { pixels, clipped }
}

/** In pieces: with one index, a loop over more than 2 GiB takes nine times as long. */
function brightestOf(pixels: Uint8Array): number {
  let most = 0
  for (let from = 0; from < pixels.length && most < 255; from += piecePixels) {
    const piece = pixels.subarray(from, from + piecePixels)
    for (let i = 0; i < piece.length; i++) if ((piece[i] as number) > most) most = piece[i] as number
  }
  return most
}

const piecePixels = 2 ** 24

const shorten = (value: number): string => String(Number(value.toPrecision(4)))
