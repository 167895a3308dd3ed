import { DataError } from '../../platform/errors.js'
import type { NumpyArray } from './numpy-array.js'

/** Element `i`, in the order as stored, as a number. */
export type ElementReader = (i: number) => number

type Numbers = { readonly [i: number]: number }

/** The supported elements: bytes, booleans, integers, and floats of 4 and 8 bytes. */
const views: Readonly<Record<string, (bytes: Uint8Array) => Numbers>> = {
  b1: (bytes) => bytes,
  u1: (bytes) => bytes,
  i1: ({ buffer, byteOffset, length }) => new Int8Array(buffer, byteOffset, length),
  u2: ({ buffer, byteOffset, length }) => new Uint16Array(buffer, byteOffset, length / 2),
  i2: ({ buffer, byteOffset, length }) => new Int16Array(buffer, byteOffset, length / 2),
  u4: ({ buffer, byteOffset, length }) => new Uint32Array(buffer, byteOffset, length / 4),
  i4: ({ buffer, byteOffset, length }) => new Int32Array(buffer, byteOffset, length / 4),
  f4: ({ buffer, byteOffset, length }) => new Float32Array(buffer, byteOffset, length / 4),
  f8: ({ buffer, byteOffset, length }) => new Float64Array(buffer, byteOffset, length / 8),
}

/** Whether an array of this kind of element can be read. */
export function isReadable(dtype: string): boolean {
  return Object.hasOwn(views, dtype) || dtype === 'i8' || dtype === 'u8'
}

/** Whether elements are floating point numbers. */
export function isFloat(dtype: string): boolean {
  return dtype.startsWith('f')
}

/**
 * Reads elements of an array on this (little-endian) machine. Integers of 8 bytes are rounded beyond 2^53.
 *
 * @throws DataError for an unsupported kind of element, such as strings.
 */
export function elementReader({ dtype, isBigEndian, bytes }: NumpyArray): ElementReader {
  if (!isReadable(dtype)) {
    throw new DataError(`its elements are of type ${dtype}, but integers, booleans, float32 or float64 are wanted`)
  }
  const aligned = nativeBytes(bytes, Number(dtype.slice(1)), isBigEndian)
  if (dtype === 'i8' || dtype === 'u8') return longReader(aligned, dtype === 'i8')
  const view = (views[dtype] as (bytes: Uint8Array) => Numbers)(aligned)
  return (i) => view[i] as number
}

/** The bytes in this machine's order, at an address that typed arrays accept; copied only if need be. */
function nativeBytes(bytes: Uint8Array, width: number, isBigEndian: boolean): Uint8Array {
  const swaps = isBigEndian && width > 1
  if (!swaps && bytes.byteOffset % width === 0) return bytes
  const copy = Buffer.from(new Uint8Array(bytes).buffer)
  if (swaps && width === 2) copy.swap16()
  if (swaps && width === 4) copy.swap32()
  if (swaps && width === 8) copy.swap64()
  return copy
}

function longReader({ buffer, byteOffset, length }: Uint8Array, isSigned: boolean): ElementReader {
  const low = new Uint32Array(buffer, byteOffset, length / 4)
  const high = isSigned
    ? new Int32Array(buffer, byteOffset, length / 4)
    : new Uint32Array(buffer, byteOffset, length / 4)
  return (i) => (high[2 * i + 1] as number) * 2 ** 32 + (low[2 * i] as number)
}
