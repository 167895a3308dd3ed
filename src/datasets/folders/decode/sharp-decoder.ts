import type { Sharp, SharpOptions } from 'sharp'
import { ConfigError, DataError } from '../../../platform/errors.js'
import { messageOf } from '../../../platform/message-of.js'
import type { PixelRows } from '../../interleaved-pixels.js'
import { mostImagePixels } from '../../limits.js'
import { checkPixels, type SharpHeader } from './decoded-image.js'
import { withoutGaps } from './jpeg-gaps.js'
import { plainJpegHeader } from './jpeg-header.js'

type SharpModule = typeof import('sharp').default
let loading: Promise<SharpModule> | null = null

/** Loads sharp when the first image is decoded, since most runs need none. */
async function library(): Promise<SharpModule> {
  loading ??= import('sharp').then(({ default: sharp }) => {
    sharp.cache(false)
    // One image a thread: several are decoded side by side.
    sharp.concurrency(1)
    return sharp
  })
  return loading.catch((cause: unknown) => {
    throw new ConfigError(
      `Images are decoded by the package sharp, which cannot be loaded (${messageOf(cause).split('\n')[0]}). ` +
        'Install fear-nas again, or add the package @img/sharp-wasm32.',
      { cause },
    )
  })
}

/** Profiles are ignored, as Pillow does, and only the first of several pictures is read. */
const reading = {
  limitInputPixels: mostImagePixels,
  ignoreIcc: true,
  sequentialRead: true,
  page: 0,
  pages: 1,
} as const satisfies SharpOptions

/**
 * Reads the header of a PNG, JPEG, GIF, WebP, TIFF or AVIF.
 *
 * @throws DataError or Error that says what is wrong; ConfigError without the library.
 */
export async function readHeader(bytes: Uint8Array): Promise<SharpHeader> {
  const plain = plainJpegHeader(bytes)
  if (plain !== null) {
    checkPixels(plain.width, plain.height)
    return plain
  }
  return readBySharp(bytes)
}

/** The same, always by sharp. */
export async function readBySharp(bytes: Uint8Array): Promise<SharpHeader> {
  const sharp = await library()
  const metadata = await sharp(bytes, { ...reading, limitInputPixels: false }).metadata()
  const { autoOrient, channels, depth, format, orientation = 1, space } = metadata
  checkPixels(metadata.width, metadata.height)
  const isGrey = space === 'b-w' || space === 'grey16' || channels < 3
  return { ...autoOrient, channels: isGrey ? 1 : 3, isTurned: orientation > 1, stored: { format, depth, space } }
}

/**
 * Decodes a PNG, JPEG, GIF, WebP, TIFF or AVIF, turned as EXIF data say. 16 bits become 8, palettes their colours; opacity
 * is dropped; CMYK becomes colours by Pillow's formula.
 *
 * @param header as `readHeader` reads it; to read it again would take a tenth of the time.
 * @throws DataError or Error that says what is wrong; ConfigError without the library.
 */
export async function decodeBySharp(bytes: Uint8Array, header: SharpHeader): Promise<PixelRows> {
  const sharp = await library()
  const strict = { ...reading, failOn: 'warning' } as const
  try {
    return await decode(sharp(bytes, strict), header)
  } catch (error) {
    const mended = header.stored.format === 'jpeg' ? withoutGaps(bytes) : null
    if (mended !== null) return decode(sharp(mended, strict), header)
    // The library has one buffer for the reasons of all threads, so this one's may have gone to another.
    if (/^Warning treated as error/.test(messageOf(error))) throw new Error('its data are damaged', { cause: error })
    throw error
  }
}

async function decode(image: Sharp, { channels, isTurned, stored }: SharpHeader): Promise<PixelRows> {
  const { depth, space } = stored
  const isWide = depth === 'ushort'
  if (!isWide && depth !== 'uchar') {
    throw new DataError(`its values are of type ${depth}, not of 8 or 16 bits: convert it to PNG`)
  }
  const target = space === 'cmyk' ? 'cmyk' : channels === 1 ? (isWide ? 'grey16' : 'b-w') : isWide ? 'rgb16' : 'srgb'
  const { data, info } = await (isTurned ? image.autoOrient() : image)
    .pipelineColourspace(target)
    .toColourspace(target)
    .raw({ depth })
    .toBuffer({ resolveWithObject: true })
  const { height, width } = info
  const shape = { channels, height, width } as const
  if (space === 'cmyk') return { ...shape, values: cmykToRgb(data, info.channels), perPixel: 3 }
  if (!isWide) return { ...shape, values: data, perPixel: info.channels }
  const wide = new Uint16Array(data.buffer, data.byteOffset, data.length / 2)
  // 65535 / 257 is 255.
  return { ...shape, values: Uint8Array.from(wide, (value) => Math.round(value / 257)), perPixel: info.channels }
}

/** Each ink takes its share of the light that black leaves. */
function cmykToRgb(inks: Uint8Array, perPixel: number): Uint8Array {
  const pixels = new Uint8Array((3 * inks.length) / perPixel)
  for (let from = 0, to = 0; to < pixels.length; from += perPixel, to += 3) {
    const light = 255 - (inks[from + 3] as number)
    for (let channel = 0; channel < 3; channel++) {
      pixels[to + channel] = light - multiplied(inks[from + channel] as number, light)
    }
  }
  return pixels
}

/** a * b / 255, rounded. */
function multiplied(a: number, b: number): number {
  const product = a * b + 128
  return ((product >> 8) + product) >> 8
}
