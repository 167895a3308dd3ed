import { DataError } from '../../platform/errors.js'
import type { NumpyArray } from '../numpy/numpy-array.js'

/**
 * The supported values of a pickle; the only objects are NumPy arrays. Python 2's `str` is bytes. Tuples and lists are
 * arrays.
 */
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

/** A Python function or class named by a pickle, and the result of calling it. */
export interface KnownGlobal {
  call(args: readonly PickleValue[]): PickleValue
}

/** An object that gets its state after creation, and is then replaced by the result of `build`. */
export abstract class Buildable {
  abstract build(state: PickleValue): PickleValue
}

/** Text, which Python 2 wrote as bytes. */
export function asText(value: PickleValue | undefined): string {
  if (typeof value === 'string') return value
  if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1')
  throw new DataError('text is missing where it must stand')
}
