import { DataError } from '../../../platform/errors.js'
import type { PixelRows } from '../../interleaved-pixels.js'
import { mostImagePixels } from '../../limits.js'

/** What the header of an image says; sizes are those after it was turned. */
export interface ImageHeader {
  readonly channels: 1 | 3
  readonly height: number
  readonly width: number
  /** Whether EXIF data say that the image lies on its side or is mirrored. */
  readonly isTurned: boolean
  /** How sharp names what is stored; undefined for the formats that fear-nas decodes. */
  readonly stored?: StoredValues
}

/** The header of an image that sharp decodes. */
export type SharpHeader = ImageHeader & { readonly stored: StoredValues }

/** The format of a file and its values, in the words of sharp's metadata. */
export interface StoredValues {
  readonly format: string
  readonly depth: string
  readonly space: string
}

/** One image: bytes, `[channels, height, width]`, grey or red, green, blue. */
export interface DecodedImage {
  readonly channels: 1 | 3
  readonly height: number
  readonly width: number
  readonly pixels: Uint8Array
}

/** @throws DataError for an image that is larger than the limit, according to its header. */
export function checkPixels(width: number, height: number): void {
  if (width < 1 || height < 1) throw new DataError(`its header gives it ${width} x ${height} pixels`)
  if (width * height <= mostImagePixels) return
  throw new DataError(`it has ${width} x ${height} pixels, and the limit is ${mostImagePixels}: make it smaller`)
}

/** The image in planes. */
export function inPlanes({ values, perPixel, channels, height, width }: PixelRows): DecodedImage {
  const size = width * height
  const pixels = new Uint8Array(channels * size)
  for (let channel = 0; channel < channels; channel++) {
    let from = channel
    for (let to = channel * size; to < (channel + 1) * size; to++, from += perPixel) pixels[to] = values[from] as number
  }
  return { channels, height, width, pixels }
}
