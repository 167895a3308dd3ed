import { ConfigError, DataError } from '../../../platform/errors.js'
import { messageOf } from '../../../platform/message-of.js'
import type { PixelRows } from '../../interleaved-pixels.js'
import { resampleImages, resamplePixels } from '../../resample.js'
import { decodeBmp, readBmpHeader } from './bmp.js'
import { type DecodedImage, type ImageHeader, inPlanes } from './decoded-image.js'
import { type ImageKind, imageKind, imageKinds } from './image-kind.js'
import { decodePnm, readPnmHeader } from './pnm.js'
import { decodeBySharp, readHeader } from './sharp-decoder.js'

/**
 * Decodes an image, recognised by content: PNG, JPEG, GIF (the first picture), BMP, WebP, TIFF, AVIF or PNM. It is turned as
 * its EXIF data say. 16 bits become 8, palettes their colours; opacity is dropped, as in PIL's `convert('RGB')`.
 *
 * @throws DataError that says why it cannot be read; the message does not name the file. ConfigError without the library
 * that decodes.
 */
export async function decodeImage(bytes: Uint8Array): Promise<DecodedImage> {
  return inPlanes(await decodePixels(bytes))
}

/** How images become those that a network takes. */
export interface Fitting {
  /** Height and width to resample to; null: keep the size. */
  readonly size: number | null
  /** Grey or colour; undefined: as it is. */
  readonly channels: 1 | 3 | undefined
}

/**
 * Decodes an image as `decodeImage`, converts it to grey or colour, and resamples it.
 *
 * @param header as `readImageHeader` reads it, if that was done before.
 * @throws as `decodeImage`.
 */
export async function decodeFitted(
  bytes: Uint8Array,
  { size, channels }: Fitting,
  header?: ImageHeader,
): Promise<DecodedImage> {
  const image = await decodePixels(bytes, header)
  const keepsSize = size === null || (image.height === size && image.width === size)
  const keepsChannels = channels === undefined || image.channels === channels
  if (keepsChannels && !keepsSize) {
    return { channels: image.channels, height: size, width: size, pixels: resamplePixels(image, size) }
  }
  const planes = inPlanes(image)
  const converted = keepsChannels ? planes : withChannels(planes, channels)
  if (keepsSize) return converted
  const pixels = new Uint8Array(converted.channels * size * size)
  resampleImages(converted.pixels, converted.height, converted.width, size, pixels)
  return { channels: converted.channels, height: size, width: size, pixels }
}

function decodePixels(bytes: Uint8Array, header?: ImageHeader): Promise<PixelRows> {
  return read(bytes, {
    BMP: decodeBmp,
    PNM: decodePnm,
    others: async () =>
      decodeBySharp(bytes, header?.stored ? { ...header, stored: header.stored } : await readHeader(bytes)),
  })
}

/**
 * The size and kind of an image by its header, which takes a small part of the time of decoding it.
 *
 * @throws DataError, ConfigError as `decodeImage`, but for damage behind the header.
 */
export async function readImageHeader(bytes: Uint8Array): Promise<ImageHeader> {
  const { channels, height, width, isTurned, stored } = await read<ImageHeader>(bytes, {
    BMP: readBmpHeader,
    PNM: readPnmHeader,
    others: readHeader,
  })
  return { channels, height, width, isTurned, ...(stored && { stored }) }
}

interface Readers<T> {
  readonly BMP: (bytes: Uint8Array) => T
  readonly PNM: (bytes: Uint8Array) => T
  readonly others: (bytes: Uint8Array) => Promise<T>
}

async function read<T>(bytes: Uint8Array, readers: Readers<T>): Promise<T> {
  const kind = knownKind(bytes)
  try {
    return kind === 'BMP' || kind === 'PNM' ? readers[kind](bytes) : await readers.others(bytes)
  } catch (cause) {
    // Larger than the limit, or of a kind that is not read; the file may be intact.
    if (cause instanceof DataError || cause instanceof ConfigError) throw cause
    const [reason = ''] = messageOf(cause).split('\n')
    throw new DataError(`it is a damaged ${kind} image (${reason})`, { cause })
  }
}

function knownKind(bytes: Uint8Array): ImageKind {
  if (bytes.length === 0) throw new DataError('it is empty')
  const kind = imageKind(bytes)
  if (kind === null) throw new DataError('it is not a known image format')
  if (kind !== 'HEIC') return kind
  throw new DataError(`it is a HEIC image, which is not read (${imageKinds.join(', ')} are): convert it to JPEG`)
}

/** The image with this many channels: colour becomes grey by the luma of ITU-R 601, as PIL computes it. */
export function withChannels(image: DecodedImage, channels: 1 | 3): DecodedImage {
  if (image.channels === channels) return image
  const { height, width, pixels } = image
  const size = height * width
  if (channels === 3) {
    const colour = new Uint8Array(3 * size)
    for (let channel = 0; channel < 3; channel++) colour.set(pixels, channel * size)
    return { channels, height, width, pixels: colour }
  }
  const [red, green, blue] = [0, 1, 2].map((channel) => pixels.subarray(channel * size, (channel + 1) * size))
  const grey = Uint8Array.from(
    red as Uint8Array,
    (r, i) => (19_595 * r + 38_470 * (green?.[i] ?? 0) + 7_471 * (blue?.[i] ?? 0) + 0x8000) >> 16,
  )
  return { channels, height, width, pixels: grey }
}
