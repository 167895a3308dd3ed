import { DataError } from '../../platform/errors.js'
import { mostClasses } from '../dataset.js'
import { elementReader } from '../numpy/elements.js'
import { describeShape } from '../numpy/npy.js'
import type { NamedArray } from './parts.js'

/**
 * The labels of `count` images from an array of N or N x 1 whole numbers.
 *
 * @throws DataError for anything else.
 */
export function readLabels({ where, array }: NamedArray, count: number): Float64Array {
  const { shape } = array
  const shown = describeShape(shape)
  if (shape.length === 2 && (shape[1] ?? 0) > 1) {
    throw new DataError(
      `${where}: one label an image is wanted, not ${shown}. If it is one-hot, save labels.argmax(1).`,
    )
  }
  if (shape.length < 1 || shape.length > 2)
    throw new DataError(`${where}: labels are wanted as N numbers, not ${shown}. Reshape it.`)
  if (shape[0] !== count)
    throw new DataError(`${where}: it has ${shape[0]} labels for ${count} images. Save both anew.`)
  const read = readerOf(where, () => elementReader(array))
  const labels = Float64Array.from({ length: count }, (_, i) => read(i))
  const wrong = labels.findIndex((label) => !Number.isSafeInteger(label))
  if (wrong >= 0)
    throw new DataError(`${where}: label ${wrong} is ${labels[wrong]}, not a whole number. Number the classes.`)
  return labels
}

function readerOf<T>(where: string, make: () => T): T {
  try {
    return make()
  } catch (cause) {
    if (!(cause instanceof DataError)) throw cause
    throw new DataError(`${where}: ${cause.message}. Number the classes.`, { cause })
  }
}

/**
 * The classes: the different labels in ascending order.
 *
 * @throws DataError for one class or more than 256.
 */
export function classesOf(where: string, labels: Float64Array): readonly number[] {
  const classes = [...new Set(labels)].sort((a, b) => a - b)
  if (classes.length < 2 || classes.length > mostClasses) {
    throw new DataError(
      `${where}: it has ${classes.length} different labels, but 2 to ${mostClasses} classes are wanted. Check that these are classes.`,
    )
  }
  return classes
}

/**
 * Each label as the index of its class.
 *
 * @throws DataError for a label that is not a class.
 */
export function positionsOf(where: string, labels: Float64Array, classes: readonly number[]): Uint8Array {
  const positions = new Map(classes.map((label, i) => [label, i]))
  return Uint8Array.from(labels, (label, image) => {
    const position = positions.get(label)
    if (position !== undefined) return position
    throw new DataError(`${where}: label ${image} is ${label}, which no training image has. Leave the image out.`)
  })
}
