import { DataError } from '../../platform/errors.js'
import { NumpyArray } from '../numpy/numpy-array.js'
import { asText, Buildable, type KnownGlobal, type PickleValue } from './values.js'

/** NumPy's own limit. */
const mostAxes = 64

/** `numpy.dtype('u1')`; its state says the byte order. */
class Dtype extends Buildable {
  constructor(
    readonly name: string,
    readonly isBigEndian = false,
  ) {
    super()
  }

  override build(state: PickleValue): PickleValue {
    return new Dtype(this.name, asText(tuple(state, 'the state of a dtype')[1]) === '>')
  }
}

/** The result of `_reconstruct`: an array that gets its shape and bytes from its state. */
class EmptyArray extends Buildable {
  override build(state: PickleValue): PickleValue {
    const [, shape, dtype, isFortran, bytes] = tuple(state, 'the state of an array')
    return array(bytes, dtype, shape, isFortran === true)
  }
}

const reconstruct: KnownGlobal = { call: () => new EmptyArray() }
const frombuffer: KnownGlobal = {
  call: ([bytes, dtype, shape, order]) => array(bytes, dtype, shape, order !== undefined && asText(order) === 'F'),
}
const dtype: KnownGlobal = { call: ([name]) => new Dtype(asText(name)) }
/** The class of an array, as an argument of `_reconstruct`; never called. */
const ndarray: KnownGlobal = {
  call() {
    throw new DataError('an array is made in a way that NumPy does not use')
  },
}
/** Python 3 writes bytes in this form for Python 2. */
const encode: KnownGlobal = {
  call([text, encoding]) {
    if (typeof text !== 'string' || encoding !== 'latin1') throw new DataError('bytes are encoded in an unknown way')
    return Buffer.from(text, 'latin1')
  },
}

/**
 * The functions and classes that a pickled array of numbers needs, and no others, since a pickle could name any Python
 * function.
 */
const globals: Readonly<Record<string, KnownGlobal>> = {
  'numpy.core.multiarray _reconstruct': reconstruct,
  'numpy._core.multiarray _reconstruct': reconstruct,
  'numpy.core.numeric _frombuffer': frombuffer,
  'numpy._core.numeric _frombuffer': frombuffer,
  'numpy ndarray': ndarray,
  'numpy dtype': dtype,
  '_codecs encode': encode,
}

/** @throws DataError for anything but the parts of an array. */
export function findGlobal(module: string, name: string): KnownGlobal {
  const found = Object.hasOwn(globals, `${module} ${name}`) ? globals[`${module} ${name}`] : undefined
  if (found !== undefined) return found
  throw new DataError(
    `it names ${`${module}.${name}`.slice(0, 80)}: only dictionaries, lists and NumPy arrays are read`,
  )
}

function tuple(value: PickleValue, what: string): readonly PickleValue[] {
  if (Array.isArray(value)) return value
  throw new DataError(`${what} is no tuple`)
}

function array(
  bytes: PickleValue | undefined,
  type: PickleValue | undefined,
  shape: PickleValue | undefined,
  isFortran: boolean,
): NumpyArray {
  if (!(type instanceof Dtype) || !(bytes instanceof Uint8Array)) throw new DataError('an array is not one of numbers')
  if (
    !Array.isArray(shape) ||
    shape.length > mostAxes ||
    !shape.every((length) => typeof length === 'number' && length >= 0)
  ) {
    throw new DataError('an array has no shape')
  }
  const width = Number(type.name.slice(1))
  const expected = (shape as number[]).reduce((product, length) => product * length, width)
  if (bytes.length !== expected) {
    throw new DataError(`an array of shape ${shape.join(' x ')} has ${bytes.length} instead of ${expected} bytes`)
  }
  return new NumpyArray(type.name, shape as number[], isFortran, bytes, type.isBigEndian)
}
