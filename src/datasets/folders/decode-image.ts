import { DataError } from '../../platform/errors.js'
import { messageOf } from '../../platform/message-of.js'
import type { DecodedImage } from './decoded-image.js'
import { decodeJpeg } from './jpeg/decode-jpeg.js'
import { decodePng } from './png/decode-png.js'

/**
 * Decodes a PNG or JPEG image, recognised by content. 16 bits become 8, palettes their colours; alpha is dropped, as in
 * PIL's `convert('RGB')`, and EXIF rotation is ignored.
 *
 * @throws DataError that says why it cannot be read; the message does not name the file.
 */
export async function decodeImage(bytes: Uint8Array): Promise<DecodedImage> {
  if (bytes.length === 0) throw new DataError('it is empty')
  const kind = imageKind(bytes)
  if (kind !== 'PNG' && kind !== 'JPEG') {
    throw new DataError(kind === null ? 'it is no image that is known here' : `it is a ${kind} image, not PNG or JPEG`)
  }
  try {
    return kind === 'PNG' ? await decodePng(bytes) : decodeJpeg(bytes)
  } catch (cause) {
    // Larger than the limit; the file may be intact.
    if (cause instanceof DataError) throw cause
    throw new DataError(`it is a damaged ${kind} image (${messageOf(cause)})`, { cause })
  }
}

const pngSignature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')

/** The kind of an image by its first bytes; null for anything else. */
export function imageKind(bytes: Uint8Array): 'PNG' | 'JPEG' | 'GIF' | 'BMP' | 'WebP' | 'TIFF' | null {
  if (pngSignature.equals(bytes.subarray(0, 8))) return 'PNG'
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'JPEG'
  const start = Buffer.from(bytes.subarray(0, 12)).toString('latin1')
  if (start.startsWith('GIF8')) return 'GIF'
  if (start.startsWith('BM')) return 'BMP'
  if (start.startsWith('RIFF') && start.endsWith('WEBP')) return 'WebP'
  return start.startsWith('II*\0') || start.startsWith('MM\0*') ? 'TIFF' : null
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
