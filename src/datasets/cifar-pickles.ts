import { DataError } from '../platform/errors.js'
import { type CifarRecords, cifarSide } from './cifar-records.js'
import { NumpyArray } from './numpy/numpy-array.js'
import { readPickle } from './pickle/read-pickle.js'
import { asText, type PickleValue } from './pickle/values.js'

const pixelsPerImage = 3 * cifarSide * cifarSide

/** Where the Python version of CIFAR has labels and the names of classes. */
export interface CifarPickleKeys {
  /** `labels`, or `fine_labels`. */
  readonly labels: string
  /** `label_names`, or `fine_label_names`. */
  readonly names: string
}

/**
 * A batch of CIFAR's Python version as the records of its binary version: a pickled dictionary with `data`, rows of 3,072
 * bytes (a red, a green and a blue plane), and labels.
 *
 * @throws DataError for anything else; the message does not name the file.
 */
export function recordsOfPickle(
  bytes: Uint8Array,
  { labels: key }: CifarPickleKeys,
  { labelBytes }: CifarRecords,
): Uint8Array {
  const batch = dictionary(bytes)
  const [rows, labels] = [batch.get('data'), batch.get(key)]
  if (!(rows instanceof NumpyArray) || rows.dtype !== 'u1' || rows.isFortran || rows.shape.length !== 2) {
    throw new DataError('it has no "data" of rows of bytes')
  }
  const [count = 0, width] = rows.shape
  if (width !== pixelsPerImage) throw new DataError(`its rows have ${width} instead of ${pixelsPerImage} bytes`)
  if (!Array.isArray(labels) || labels.length !== count) {
    throw new DataError(`it has no "${key}" with a list of ${count}, one per image`)
  }
  const recordBytes = labelBytes + pixelsPerImage
  const records = new Uint8Array(count * recordBytes)
  for (const [image, label] of labels.entries()) {
    if (typeof label !== 'number' || !Number.isInteger(label) || label < 0 || label > 255) {
      throw new DataError(`the label of image ${image} is not a number of 0..255`)
    }
    const at = image * recordBytes + labelBytes
    records[at - 1] = label
    records.set(rows.bytes.subarray(image * pixelsPerImage, (image + 1) * pixelsPerImage), at)
  }
  return records
}

/**
 * The names of the classes in `batches.meta` or `meta`, one per line, as the binary version has them.
 *
 * @throws DataError for anything else; the message does not name the file.
 */
export function namesOfPickle(bytes: Uint8Array, { names: key }: CifarPickleKeys): Uint8Array {
  const names = dictionary(bytes).get(key)
  if (!Array.isArray(names)) throw new DataError(`it has no "${key}" with a list`)
  return Buffer.from(names.map((name) => `${asText(name)}\n`).join(''))
}

function dictionary(bytes: Uint8Array): ReadonlyMap<string, PickleValue> {
  const value = readPickle(bytes)
  if (value instanceof Map) return value as ReadonlyMap<string, PickleValue>
  throw new DataError('it does not contain a dictionary')
}
