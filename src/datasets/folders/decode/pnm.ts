import { DataError } from '../../../platform/errors.js'
import type { PixelRows } from '../../interleaved-pixels.js'
import { checkPixels, type ImageHeader } from './decoded-image.js'

/* Portable bitmaps, greymaps and pixmaps (netpbm), which sharp does not read. */

interface PnmHeader extends ImageHeader {
  /** 1 to 6: bitmap, greymap, pixmap as text, then as bytes. */
  readonly format: number
  /** The value of white. */
  readonly most: number
  /** Where the pixels begin. */
  readonly start: number
}

/** @throws DataError or Error for a header that is not one of netpbm's. */
export function readPnmHeader(bytes: Uint8Array): PnmHeader {
  const format = (bytes[1] ?? 0) - 0x30
  const numbers = new Numbers(bytes, 2)
  const [width, height] = [numbers.next(), numbers.next()]
  const most = format === 1 || format === 4 ? 1 : numbers.next()
  checkPixels(width, height)
  if (most < 1 || most > 65_535) throw new DataError(`its largest value is ${most}, not 1 to 65535`)
  const channels = format === 3 || format === 6 ? 3 : 1
  return { format, width, height, channels, most, start: numbers.at + 1, isTurned: false }
}

/** Decodes an image that `readPnmHeader` reads. @throws as that; Error if it is cut off. */
export function decodePnm(bytes: Uint8Array): PixelRows {
  const header = readPnmHeader(bytes)
  const { channels, height, most, width } = header
  const values = valuesOf(bytes, header)
  return {
    channels,
    height,
    width,
    values: Uint8Array.from(values, (value) => Math.round((255 * Math.min(value, most)) / most)),
    perPixel: channels,
  }
}

function valuesOf(bytes: Uint8Array, { channels, format, height, most, start, width }: PnmHeader) {
  const count = channels * width * height
  const needed = format === 4 ? height * Math.ceil(width / 8) : format > 3 ? count * (most > 255 ? 2 : 1) : count
  if (bytes.length - start < needed) throw new Error('it is cut off')
  if (format === 1) {
    const digits = bytes.subarray(start - 1).filter((byte) => byte === 0x30 || byte === 0x31)
    if (digits.length < count) throw new Error('it is cut off')
    // One is black.
    return Uint16Array.from({ length: count }, (_, i) => 0x31 - (digits[i] as number))
  }
  if (format <= 3) {
    const numbers = new Numbers(bytes, start - 1)
    return Uint16Array.from({ length: count }, () => numbers.next())
  }
  if (format === 4) {
    const stride = Math.ceil(width / 8)
    return Uint16Array.from({ length: count }, (_, i) => {
      const [x, y] = [i % width, Math.floor(i / width)]
      return 1 - (((bytes[start + y * stride + (x >> 3)] as number) >> (7 - (x & 7))) & 1)
    })
  }
  const at = (i: number): number => bytes[start + i] as number
  return Uint16Array.from({ length: count }, (_, i) => (most > 255 ? (at(2 * i) << 8) | at(2 * i + 1) : at(i)))
}

/** Decimal numbers with blanks, and comments up to the end of their line, between them. */
class Numbers {
  readonly #bytes: Uint8Array
  /** The position behind the last number. */
  at: number

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes
    this.at = at
  }

  next(): number {
    const bytes = this.#bytes
    let isComment = false
    for (; this.at < bytes.length; this.at++) {
      const byte = bytes[this.at] as number
      if (byte === 0x23) isComment = true
      else if (byte === 0x0a || byte === 0x0d) isComment = false
      else if (!isComment && !isBlank(byte)) break
    }
    let number = 0
    const start = this.at
    for (; isDigit(bytes[this.at]) && this.at < start + 10; this.at++)
      number = 10 * number + (bytes[this.at] as number) - 0x30
    if (this.at === start) throw new Error('a number is missing in it')
    return number
  }
}

const isBlank = (byte: number): boolean => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d)
const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39
