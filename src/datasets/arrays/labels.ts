import { DataError } from '../../platform/errors.js'
import { joinLabels, type Labels, mostClasses } from '../dataset.js'
import { describeShape } from '../numpy/npy.js'
import { isText, textReader } from '../numpy/texts.js'
import { type NamedArray, readerOf } from './parts.js'

const savesNumbers =
  'Save the numbers or names of classes: np.unique(labels, return_inverse=True)[1] numbers what is there.'

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
    throw new DataError(
      `${where}: expected labels as N numbers or texts, got ${shown}. Save one label for each image, such as labels.reshape(${count}).`,
    )
  }
  const isRow = rows === 1 && columns === count
  if (rows !== count && !isRow) {
    throw new DataError(
      `${where}: it has ${rows} labels for ${count} images. Save one for each image, in the same order: both must have the same length.`,
    )
  }
  if (isText(array.dtype)) return readTexts(named, count, columns, isRow)
  const read = readerOf(named, savesNumbers)
  if (columns > 1 && !isRow) return oneHot(named, count, columns)
  const labels = Array.from({ length: count }, (_, i) => read(i))
  const wrong = labels.findIndex((label) => !Number.isSafeInteger(label))
  if (wrong >= 0) {
    throw new DataError(`${where}: label ${wrong} is ${labels[wrong]}, not a whole number. ${savesNumbers}`)
  }
  return labels
}

function readTexts({ where, array }: NamedArray, count: number, columns: number, isRow: boolean): readonly string[] {
  if (columns > 1 && !isRow) {
    throw new DataError(
      `${where}: expected one label per image, got ${describeShape(array.shape)} texts. Save a single column, such as labels[:, 0].`,
    )
  }
  const read = textReader(array)
  const texts = Array.from({ length: count }, (_, i) => read(i))
  const empty = texts.findIndex((text) => text.trim() === '')
  if (empty < 0) return texts
  throw new DataError(
    `${where}: label ${empty} is empty. Fill it, or leave such images out: keep = labels != '', then images[keep] and labels[keep].`,
  )
}

function oneHot(named: NamedArray, count: number, columns: number): readonly number[] {
  const { where, array } = named
  const read = readerOf(named, savesNumbers)
  return Array.from({ length: count }, (_, row) => {
    const values = Array.from({ length: columns }, (_, column) =>
      read(array.isFortran ? column * count + row : row * columns + column),
    )
    const ones = values.filter((value) => value === 1).length
    const areFlags = values.every((value) => value === 0 || value === 1)
    if (ones === 1 && areFlags) return values.indexOf(1)
    const shape = `expected one label per image, got ${describeShape(array.shape)}`
    throw new DataError(
      areFlags
        ? `${where}: ${shape}, of which row ${row} has ${ones === 0 ? 'no' : ones} ones: images with several classes or none are not ` +
            'supported. Keep those with one: keep = labels.sum(1) == 1, then images[keep] and labels[keep].'
        : `${where}: ${shape}, of which row ${row} is not zeros and a single one. If these are scores of classes, save ` +
            'labels.argmax(1); if they are several labels, the column of one, such as labels[:, 0].',
    )
  })
}

/** That many images may have a class each, which is reported as such. */
const mostAlone = 20

/**
 * The classes: the different labels in ascending order, texts by their code units.
 *
 * @throws DataError for one class, more than 65,536, or as many as there are images.
 */
export function classesOf(where: string, labels: readonly Label[]): readonly Label[] {
  const classes = [...new Set(labels)].sort((a, b) => (a < b ? -1 : 1))
  if (classes.length < 2) {
    throw new DataError(
      `${where}: all labels are ${classes[0]}, but at least 2 classes are needed. Check that these are the labels, and that all ` +
        'of them were saved.',
    )
  }
  if (classes.length > mostClasses || (classes.length === labels.length && labels.length > mostAlone)) {
    throw new DataError(
      `${where}: it has ${classes.length} different labels of ${labels.length} images, which are no classes. If they are measurements, make ` +
        'classes of them: np.digitize(labels, np.quantile(labels, [0.25, 0.5, 0.75])).',
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
    throw new DataError(
      `${where}: label ${image} is ${label}, which no training image has. Add training images of it, or leave such images out: ` +
        'keep = np.isin(test_labels, train_labels), then test_images[keep] and test_labels[keep].',
    )
  })
  return joinLabels(classes.length, [found])
}
