import { DataError } from '../../platform/errors.js'
import type { NumpyArray } from '../numpy/numpy-array.js'

/** What a pickle may hold here: of objects only NumPy arrays. Python 2's `str` is bytes. Tuples and lists are arrays. */
export type PickleValue =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | PickleValue[]
  | Map<string, PickleValue>
  | NumpyArray
  | Buildable
  | KnownGlobal

/** A function or class of Python that a pickle names, and what calling it gives. */
export interface KnownGlobal {
  call(args: readonly PickleValue[]): PickleValue
}

/** An object that is told its state after it was made, and gives way to what `build` makes of it. */
export abstract class Buildable {
  abstract build(state: PickleValue): PickleValue
}

/** Text, which Python 2 wrote as bytes. */
export function asText(value: PickleValue | undefined): string {
  if (typeof value === 'string') return value
  if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1')
  throw new DataError('text is missing where it must stand')
}
