import { convertIndexedToRgb, type DecodedPng, decode as decodePng, hasPngSignature } from 'fast-png'
import jpeg from 'jpeg-js'
import { DataError } from '../../platform/errors.js'

/** One image: bytes, `[channels, height, width]`, grey or red, green, blue. */
export interface DecodedImage {
  readonly channels: 1 | 3
  readonly height: number
  readonly width: number
  readonly pixels: Uint8Array
}

/**
 * Decodes a PNG or JPEG image, told apart by content. 16 bits become 8, palettes their colours; opacity is dropped,
 * as PIL's `convert('RGB')` does, and so are turns noted in EXIF.
 *
 * @throws DataError that says why it cannot be read; the message does not name the file.
 */
export function decodeImage(bytes: Uint8Array): DecodedImage {
  if (bytes.length === 0) throw new DataError('it is empty')
  const kind = imageKind(bytes)
  if (kind !== 'PNG' && kind !== 'JPEG') {
    throw new DataError(kind === null ? 'it is no image that is known here' : `it is a ${kind} image, not PNG or JPEG`)
  }
  try {
    return kind === 'PNG' ? fromPng(decodePng(bytes, { checkCrc: true })) : fromJpeg(bytes)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new DataError(`it is a damaged ${kind} image (${reason})`, { cause })
  }
}

/** Kinds of images by how they begin; null for anything else. */
export function imageKind(bytes: Uint8Array): 'PNG' | 'JPEG' | 'GIF' | 'BMP' | 'WebP' | 'TIFF' | null {
  if (bytes.length >= 8 && hasPngSignature(bytes)) return 'PNG'
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'JPEG'
  const start = Buffer.from(bytes.subarray(0, 12)).toString('latin1')
  if (start.startsWith('GIF8')) return 'GIF'
  if (start.startsWith('BM')) return 'BMP'
  if (start.startsWith('RIFF') && start.endsWith('WEBP')) return 'WebP'
  return start.startsWith('II*\0') || start.startsWith('MM\0*') ? 'TIFF' : null
}

function fromPng(png: DecodedPng): DecodedImage {
  const { width, height } = png
  if (png.palette !== undefined) {
    const colours = png.palette[0]?.length ?? 3
    return planes(convertIndexedToRgb(png), width, height, colours, 3)
  }
  const data = png.depth < 8 ? unpackGrey(png) : png.data
  // 16 bits: 65535 / 257 is 255.
  const scale = png.depth === 16 ? 1 / 257 : 1
  return planes(data, width, height, png.channels, png.channels < 3 ? 1 : 3, scale)
}

/** Grey of 1, 2 or 4 bits, whose rows begin with a byte: stretched to 0..255. */
function unpackGrey({ data, depth, width, height }: DecodedPng): Uint8Array {
  const grey = new Uint8Array(width * height)
  const rowBytes = Math.ceil((width * depth) / 8)
  const most = 2 ** depth - 1
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const bit = x * depth
      const byte = data[y * rowBytes + (bit >> 3)] as number
      grey[y * width + x] = (((byte >> (8 - depth - (bit & 7))) & most) * 255) / most
    }
  }
  return grey
}

function fromJpeg(bytes: Uint8Array): DecodedImage {
  const components = jpegComponents(bytes)
  const { width, height, data } = jpeg.decode(bytes, {
    useTArray: true,
    formatAsRGBA: false,
    tolerantDecoding: false,
    maxMemoryUsageInMB: 1024,
  })
  return planes(data, width, height, 3, components === 1 ? 1 : 3)
}

/** How many colour components the frame header says: jpeg-js gives three whatever there are. */
function jpegComponents(bytes: Uint8Array): number {
  for (let at = 2; at + 9 < bytes.length; ) {
    const marker = bytes[at + 1] as number
    // Start of frame: C0 to CF but for DHT, JPG and DAC.
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
    if (isFrame) return bytes[at + 9] as number
    if (marker === 0xff) at++
    else at += 2 + (((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number))
  }
  throw new Error('it has no frame')
}

/** The first `keep` of `channels` interleaved values of every pixel, as planes. */
function planes(
  data: ArrayLike<number>,
  width: number,
  height: number,
  channels: number,
  keep: 1 | 3,
  scale = 1,
): DecodedImage {
  const size = width * height
  if (data.length !== size * channels) throw new Error(`${data.length} instead of ${size * channels} values`)
  const pixels = new Uint8Array(keep * size)
  for (let channel = 0; channel < keep; channel++) {
    for (let i = 0; i < size; i++)
      pixels[channel * size + i] = Math.round((data[i * channels + channel] as number) * scale)
  }
  return { channels: keep, height, width, pixels }
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
