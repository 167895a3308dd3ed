import { DataError } from '../../platform/errors.js'
import { mostNpyHeaderBytes } from '../limits.js'
import { headerFields } from './npy-header.js'
import { NumpyArray } from './numpy-array.js'
import { elementBytes } from './texts.js'

const magic = Buffer.from('\x93NUMPY', 'latin1')

/** The array has the type `object`: its elements are pickled. */
export class PythonObjectsError extends DataError {}

/** The array is intact, but its elements are neither numbers nor texts. */
export class ElementsError extends DataError {}

/** Whether the bytes begin as a `.npy` file does. */
export function isNpy(bytes: Uint8Array): boolean {
  return bytes.length >= magic.length && magic.equals(bytes.subarray(0, magic.length))
}

/**
 * Reads a `.npy` file, versions 1 to 3 (numpy.lib.format): magic, version, length of the header, the header, which is a
 * dictionary as Python prints it, and the elements. The array is a view into `bytes`.
 *
 * @throws DataError for anything else, and for arrays of objects or records; the message does not name the file.
 */
export function readNpy(bytes: Uint8Array): NumpyArray {
  if (!isNpy(bytes)) throw new DataError('it does not begin as a .npy file does')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const version = bytes[6] ?? 0
  if (version < 1 || version > 3)
    throw new DataError(`it is of version ${version} of .npy: save it as version 1, 2 or 3`)
  const start = version === 1 ? 10 : 12
  if (bytes.length < start) throw new DataError('it ends within its header')
  const end = start + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true))
  if (bytes.length < end) throw new DataError('it ends within its header')
  if (end - start > mostNpyHeaderBytes) {
    throw new DataError(`its header has ${end - start} bytes, and at most ${mostNpyHeaderBytes} are read`)
  }
  const header = parseHeader(Buffer.from(bytes.subarray(start, end)).toString(version === 3 ? 'utf8' : 'latin1'))
  const { dtype, isBigEndian, shape, isFortran } = header
  const expected = shape.reduce((product, length) => product * length, elementBytes(dtype))
  if (bytes.length - end !== expected) {
    throw new DataError(
      `an array of shape ${describeShape(shape)} and type ${dtype} needs ${expected} bytes, but it has ` +
        `${bytes.length - end}: it is cut off or damaged`,
    )
  }
  return new NumpyArray(dtype, shape, isFortran, bytes.subarray(end), isBigEndian)
}

/** `100 x 28 x 28`; a single number has no shape. */
export function describeShape(shape: readonly number[]): string {
  return shape.length === 0 ? '()' : shape.join(' x ')
}

type Header = Pick<NumpyArray, 'dtype' | 'isBigEndian' | 'shape' | 'isFortran'>

/** `{'descr': '<f4', 'fortran_order': False, 'shape': (100, 28, 28), }`, its keys in any order. */
function parseHeader(text: string): Header {
  const fields = headerFields(text)
  const [descr, order, tuple] = ['descr', 'fortran_order', 'shape'].map((key) => fields?.get(key))
  if (fields?.size !== 3 || descr === undefined || order === undefined || tuple === undefined) {
    throw new DataError(`its header is not understood (${text.trim().slice(0, 120)})`)
  }
  const type = /^['"]([<>|=])([a-zA-Z]\d*)['"]$/.exec(descr)
  if (type?.[1] === undefined || type[2] === undefined || !/^(True|False)$/.test(order) || !tuple.startsWith('(')) {
    throw new DataError(`its header is not understood (${text.trim().slice(0, 120)})`)
  }
  if (type[2].startsWith('O')) throw new PythonObjectsError('it holds Python objects, not numbers or texts')
  if (!/^[biufcUS]\d+$/.test(type[2])) {
    throw new ElementsError(`it holds elements of type ${type[2]}, not numbers or texts`)
  }
  // Python 2 wrote long integers as 5L.
  const shape = tuple
    .slice(1, -1)
    .split(',')
    .map((length) => length.trim().replace(/L$/, ''))
    .filter((length) => length !== '')
    .map(Number)
  return { dtype: type[2], isBigEndian: type[1] === '>', shape, isFortran: order === 'True' }
}
