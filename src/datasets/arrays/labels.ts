import { DataError } from '../../platform/errors.js'
import { joinLabels, type Labels, mostClasses } from '../dataset.js'
import { describeShape } from '../numpy/npy.js'
import { isText, textReader } from '../numpy/texts.js'
import { type NamedArray, readerOf } from './parts.js'

/** A label as it is in the file. */
export type Label = number | string

/**
 * The labels of `count` images: N, N x 1 or 1 x N whole numbers or texts, or N x C zeros with a single one in each row
 * (one-hot), whose position is the label.
 *
 * @throws DataError for anything else.
 */
export function readLabels(named: NamedArray, count: number): readonly Label[] {
  const { where, array } = named
  const { shape } = array
  const shown = describeShape(shape)
  const [rows = 0, columns = 1] = shape
  if (shape.length < 1 || shape.length > 2) {
    throw new DataError(`${where}: expected labels as N numbers or texts, got ${shown}. Reshape it.`)
  }
  const isRow = rows === 1 && columns === count
  if (rows !== count && !isRow) {
    throw new DataError(`${where}: it has ${rows} labels for ${count} images. Give one for each image.`)
  }
  if (isText(array.dtype)) return readTexts(named, count, columns, isRow)
  const read = readerOf(named, 'Number the classes.')
  if (columns > 1 && !isRow) return oneHot(named, count, columns)
  const labels = Array.from({ length: count }, (_, i) => read(i))
  const wrong = labels.findIndex((label) => !Number.isSafeInteger(label))
  if (wrong >= 0) {
    throw new DataError(`${where}: label ${wrong} is ${labels[wrong]}, not a whole number. Number the classes.`)
  }
  return labels
}

function readTexts({ where, array }: NamedArray, count: number, columns: number, isRow: boolean): readonly string[] {
  if (columns > 1 && !isRow) {
    throw new DataError(
      `${where}: expected one label per image, got ${describeShape(array.shape)}. Give a single column.`,
    )
  }
  const read = textReader(array)
  const texts = Array.from({ length: count }, (_, i) => read(i))
  const empty = texts.findIndex((text) => text.trim() === '')
  if (empty < 0) return texts
  throw new DataError(`${where}: label ${empty} is empty. Fill it, or leave the image out.`)
}

function oneHot(named: NamedArray, count: number, columns: number): readonly number[] {
  const { where, array } = named
  const read = readerOf(named, 'Number the classes.')
  return Array.from({ length: count }, (_, row) => {
    let label = -1
    for (let column = 0; column < columns; column++) {
      const value = read(array.isFortran ? column * count + row : row * columns + column)
      if (value === 0) continue
      if (value !== 1 || label >= 0) throw notOneHot()
      label = column
    }
    if (label < 0) throw notOneHot()
    return label

    function notOneHot(): DataError {
      return new DataError(
        `${where}: expected one label per image, got ${describeShape(array.shape)}, of which row ${row} is not zeros ` +
          'and a single one. If these are scores of classes, save labels.argmax(1).',
      )
    }
  })
}

/**
 * The classes: the different labels in ascending order, texts by their code units.
 *
 * @throws DataError for one class or more than 65,536.
 */
export function classesOf(where: string, labels: readonly Label[]): readonly Label[] {
  const classes = [...new Set(labels)].sort((a, b) => (a < b ? -1 : 1))
  if (classes.length < 2 || classes.length > mostClasses) {
    throw new DataError(
      `${where}: it has ${classes.length} different labels, but 2 to ${mostClasses} classes are supported. Check that these are classes.`,
    )
  }
  return classes
}

/**
 * Each label as the index of its class.
 *
 * @throws DataError for a label that is not a class.
 */
export function positionsOf(where: string, labels: readonly Label[], classes: readonly Label[]): Labels {
  const positions = new Map(classes.map((label, i) => [label, i]))
  const found = labels.map((label, image) => {
    const position = positions.get(label)
    if (position !== undefined) return position
    throw new DataError(`${where}: label ${image} is ${label}, which no training image has. Leave the image out.`)
  })
  return joinLabels(classes.length, [found])
}
