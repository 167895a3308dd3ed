import { crc32 } from 'node:zlib'
import { DataError } from '../../../platform/errors.js'
import { mostImagePixels, mostPngChunks } from '../../limits.js'
import { tooManyPixels } from '../decoded-image.js'

/** Grey, colour, palette, grey with opacity, colour with opacity: the values of a pixel, by PNG's number of its kind. */
const channelsOf: Readonly<Record<number, 1 | 2 | 3 | 4>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }
const depthsOf: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
}

/** The header of a PNG. */
export interface PngHeader {
  readonly width: number
  readonly height: number
  /** Bits of a value. */
  readonly depth: number
  readonly channels: 1 | 2 | 3 | 4
  readonly isPalette: boolean
  readonly isInterlaced: boolean
}

/** The parts of a PNG that determine its pixels. */
export interface PngChunks {
  readonly header: PngHeader
  /** Red, green, blue of each colour; empty without a palette. */
  readonly palette: Uint8Array
  /** The packed image data, in pieces. */
  readonly data: readonly Uint8Array[]
}

const signatureBytes = 8

/**
 * Walks over the chunks of a PNG (https://www.w3.org/TR/png-3/#5DataRep), all of which must be intact. Text, colour
 * profiles and other chunks that do not affect the pixels are skipped and never unpacked.
 *
 * @throws DataError or Error that says what is wrong.
 */
export function readChunks(bytes: Uint8Array): PngChunks {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  let header: PngHeader | null = null
  let palette: Uint8Array = new Uint8Array(0)
  const data: Uint8Array[] = []
  for (let at = signatureBytes, chunks = 0; ; chunks++) {
    if (chunks === mostPngChunks)
      throw new DataError(`it has more than ${mostPngChunks} chunks, the most that are read`)
    if (at + 12 > bytes.length) throw new Error('it is cut off')
    const length = view.getUint32(at)
    const end = at + 12 + length
    if (end > bytes.length) throw new Error('it is cut off')
    const type = Buffer.from(bytes.subarray(at + 4, at + 8)).toString('latin1')
    const content = bytes.subarray(at + 8, end - 4)
    if (crc32(bytes.subarray(at + 4, end - 4)) !== view.getUint32(end - 4)) {
      throw new Error(`the checksum of its ${/^\w+$/.test(type) ? type : 'next'} chunk is wrong`)
    }
    if (header === null && type !== 'IHDR') throw new Error('it does not begin with its header')
    if (type === 'IEND') break
    if (type === 'IHDR') header = parseHeader(content)
    else if (type === 'PLTE') palette = content
    else if (type === 'IDAT') data.push(content)
    at = end
  }
  if (header === null) throw new Error('it has no header')
  if (header.isPalette && (palette.length === 0 || palette.length % 3 !== 0)) throw new Error('it has no palette')
  return { header, palette, data }
}

function parseHeader(content: Uint8Array): PngHeader {
  if (content.length !== 13) throw new Error('its header has a wrong length')
  const view = new DataView(content.buffer, content.byteOffset, content.length)
  const [width, height] = [view.getUint32(0), view.getUint32(4)]
  const [depth, kind, compression, filter, interlace] = [8, 9, 10, 11, 12].map((at) => view.getUint8(at))
  const channels = channelsOf[kind ?? -1]
  if (width === 0 || height === 0) throw new Error(`it is of ${width} x ${height} pixels`)
  if (width * height > mostImagePixels) throw tooManyPixels(width, height)
  if (channels === undefined || depth === undefined || !depthsOf[kind ?? -1]?.includes(depth)) {
    throw new Error(`it is of kind ${kind} with ${depth} bits, which is none of PNG's`)
  }
  if (compression !== 0 || filter !== 0 || (interlace !== 0 && interlace !== 1)) {
    throw new Error('it is packed, filtered or interlaced in an unknown way')
  }
  return { width, height, depth, channels, isPalette: kind === 3, isInterlaced: interlace === 1 }
}
