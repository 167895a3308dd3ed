import { DataError } from '../../platform/errors.js'
import { mostImagePixels } from '../limits.js'

/** One image: bytes, `[channels, height, width]`, grey or red, green, blue. */
export interface DecodedImage {
  readonly channels: 1 | 3
  readonly height: number
  readonly width: number
  readonly pixels: Uint8Array
}

/** The error for an image that is larger than the limit, according to its header. */
export function tooManyPixels(width: number, height: number): DataError {
  return new DataError(
    `it claims ${width} x ${height} pixels, and at most ${mostImagePixels} are decoded: make it smaller`,
  )
}
