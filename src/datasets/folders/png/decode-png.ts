import { Readable } from 'node:stream'
import { createInflate, inflateSync } from 'node:zlib'
import { DataError } from '../../../platform/errors.js'
import { mostSurplusImageBytes } from '../../limits.js'
import { unpackedChunks } from '../../unpack.js'
import type { DecodedImage } from '../decoded-image.js'
import { type PngChunks, type PngHeader, readChunks } from './read-chunks.js'
import { RowReader, type RowSink, unpackedBytes } from './rows.js'

/** Image data that unpack to at most this size are unpacked in one call, which is faster than a stream. */
const atOnceBytes = 2 ** 20

/**
 * Decodes a PNG. 16 bits become 8, grey of fewer bits is stretched to 0..255, palettes become their colours, opacity is
 * dropped. Image data are unpacked row by row into the planes, so that only the image itself is in memory.
 *
 * @throws DataError or Error that says what is wrong.
 */
export async function decodePng(bytes: Uint8Array): Promise<DecodedImage> {
  const chunks = readChunks(bytes)
  const { width, height, channels, isPalette } = chunks.header
  const kept = isPalette || channels >= 3 ? 3 : 1
  const pixels = new Uint8Array(kept * width * height)
  const rows = new RowReader(chunks.header, planeSink(chunks, pixels))
  const expected = unpackedBytes(chunks.header)
  const most = expected + mostSurplusImageBytes
  if (most <= atOnceBytes) rows.push(unpackAtOnce(chunks.data, expected, most))
  else await unpackInPieces(chunks.data, rows, expected, most)
  if (!rows.isDone) throw new Error('its image data end too early')
  return { channels: kept, height, width, pixels }
}

function unpackAtOnce(data: readonly Uint8Array[], expected: number, most: number): Uint8Array {
  try {
    return inflateSync(Buffer.concat(data), { maxOutputLength: most })
  } catch (cause) {
    throw (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? surplus(expected, most) : cause
  }
}

async function unpackInPieces(data: readonly Uint8Array[], rows: RowReader, expected: number, most: number) {
  let unpacked = 0
  for await (const piece of unpackedChunks(Readable.from(data, { objectMode: true }), createInflate())) {
    unpacked += piece.length
    if (unpacked > most) throw surplus(expected, most)
    rows.push(piece)
  }
}

function surplus(expected: number, most: number): DataError {
  return new DataError(
    `its pixels need ${expected} bytes of image data, but it has more than ${most}, the most that are unpacked`,
  )
}

/** Writes the pixels of a row to `pixels`, `[channels, height, width]`. */
function planeSink({ header, palette }: PngChunks, pixels: Uint8Array): RowSink {
  const { width, height, isPalette } = header
  const valueAt = valueReader(header)
  const plane = width * height
  const kept = pixels.length / plane
  return (row, { pass, y, width: columns }) => {
    const start = (pass.top + y * pass.stepY) * width + pass.left
    for (let channel = 0; channel < kept; channel++) {
      let to = channel * plane + start
      for (let x = 0; x < columns; x++, to += pass.stepX) {
        const value = valueAt(row, isPalette ? x : x * header.channels + channel)
        pixels[to] = isPalette ? colour(palette, value, channel) : value
      }
    }
  }
}

function colour(palette: Uint8Array, index: number, channel: number): number {
  const value = palette[3 * index + channel]
  if (value === undefined) throw new Error(`a pixel has colour ${index}, which its palette has not`)
  return value
}

/** Value `i` of a row as a byte; for a palette, the index. */
function valueReader({ depth, isPalette }: PngHeader): (row: Uint8Array, i: number) => number {
  if (depth === 8) return (row, i) => row[i] as number
  if (depth === 16) {
    // 65535 / 257 is 255.
    return (row, i) => Math.round((((row[2 * i] as number) << 8) | (row[2 * i + 1] as number)) * (1 / 257))
  }
  const most = 2 ** depth - 1
  const scale = isPalette ? 1 : 255 / most
  return (row, i) => {
    const bit = i * depth
    return (((row[bit >> 3] as number) >> (8 - depth - (bit & 7))) & most) * scale
  }
}
