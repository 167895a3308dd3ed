import { DataError } from '../../../platform/errors.js'
import type { PixelRows } from '../../interleaved-pixels.js'
import { checkPixels, type ImageHeader } from './decoded-image.js'

/*
 * Windows bitmaps, which sharp does not read. The packages bmp-ts 1.0.9 and fast-bmp 4.0.1 give wrong colours for palettes.
 */

interface BmpHeader extends ImageHeader {
  readonly bits: number
  readonly isTopDown: boolean
  /** Where the pixels begin, and the bytes of a row, filled up to 4. */
  readonly start: number
  readonly stride: number
  /** Blue, green, red and a fourth byte of each colour; empty without a palette. */
  readonly palette: Uint8Array
}

/**
 * Reads the header of an uncompressed bitmap of 1, 4 or 8 bits with a palette, or of 24 or 32 bits.
 *
 * @throws DataError for any other; Error if it is damaged.
 */
export function readBmpHeader(bytes: Uint8Array): BmpHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  if (bytes.length < 54) throw new Error('it is cut off')
  const headerBytes = view.getUint32(14, true)
  if (headerBytes < 40) throw new DataError('it is a bitmap of OS/2, which is not read: convert it to PNG')
  const [width, rawHeight] = [view.getInt32(18, true), view.getInt32(22, true)]
  const height = Math.abs(rawHeight)
  checkPixels(width, height)
  const [bits, compression] = [view.getUint16(28, true), view.getUint32(30, true)]
  // Bit fields (3) are how 32 bits are usually written, in the order that they have anyway.
  const isPlain = compression === 0 || (compression === 3 && bits === 32 && hasUsualMasks(view))
  if (!isPlain || ![1, 4, 8, 24, 32].includes(bits)) {
    throw new DataError(
      `it is a bitmap of ${bits} bits and compression ${compression}, which is not read: convert it to PNG`,
    )
  }
  const colours = bits > 8 ? 0 : view.getUint32(46, true) || 2 ** bits
  const paletteStart = 14 + headerBytes
  const start = view.getUint32(10, true)
  const stride = 4 * Math.ceil((width * bits) / 32)
  if (colours > 256 || paletteStart + 4 * colours > bytes.length || start + stride * height > bytes.length) {
    throw new Error('it is cut off')
  }
  const palette = bytes.subarray(paletteStart, paletteStart + 4 * colours)
  const channels = bits <= 8 && isGreyPalette(palette) ? 1 : 3
  return { width, height, channels, bits, start, stride, palette, isTopDown: rawHeight < 0, isTurned: false }
}

function hasUsualMasks(view: DataView): boolean {
  if (view.byteLength < 66) return false
  const masks = [54, 58, 62].map((at) => view.getUint32(at, true))
  return masks[0] === 0xff0000 && masks[1] === 0xff00 && masks[2] === 0xff
}

/** Decodes a bitmap that `readBmpHeader` reads. @throws as that; Error for a colour beyond the palette. */
export function decodeBmp(bytes: Uint8Array): PixelRows {
  const header = readBmpHeader(bytes)
  const { bits, channels, height, isTopDown, palette, start, stride, width } = header
  const values = new Uint8Array(channels * width * height)
  for (let y = 0; y < height; y++) {
    const row = bytes.subarray(start + stride * (isTopDown ? y : height - 1 - y))
    for (let x = 0; x < width; x++) {
      const [colours, from] = bits > 8 ? [row, (x * bits) >> 3] : [palette, 4 * indexAt(row, x, bits)]
      if (from + 2 >= colours.length) throw new Error('a pixel has a colour that is not in its palette')
      // Stored as blue, green, red.
      for (let channel = 0; channel < channels; channel++) {
        values[channels * (y * width + x) + channel] = colours[from + 2 - channel] as number
      }
    }
  }
  return { channels, height, width, values, perPixel: channels }
}

function indexAt(row: Uint8Array, x: number, bits: number): number {
  const bit = x * bits
  return ((row[bit >> 3] as number) >> (8 - bits - (bit & 7))) & (2 ** bits - 1)
}

function isGreyPalette(palette: Uint8Array): boolean {
  for (let i = 0; i < palette.length; i += 4) {
    if (palette[i] !== palette[i + 1] || palette[i] !== palette[i + 2]) return false
  }
  return true
}
