import { counted } from '../platform/count.js'
import { ConfigError, DataError } from '../platform/errors.js'
import { createRng } from '../platform/rng.js'
import { assertBalanced, balancedOrder, classCounts, type Labelled } from './class-balance.js'
import type { Split, SplitName } from './dataset.js'
import { type DatasetRequest, datasetLabel } from './dataset-request.js'
import type { RawImages } from './raw-images.js'

/** The images of each split, in order: indices among the official training or test images. */
export type ChosenImages = Readonly<Record<SplitName, Uint32Array>>

/**
 * Splits a data set's images as requested; see `loadDataset` for the rules.
 *
 * @throws ConfigError for numbers larger than the data set has.
 * @throws DataError for a class without images.
 */
export function chooseImages(request: DatasetRequest, raw: RawImages): ChosenImages {
  const { name, seed, train, validation, test } = request
  const classes = raw.classNames.length
  const label = datasetLabel(request)
  if (classes < 2) throw new DataError(`${label} has ${classes} class, but needs at least 2.`)
  checkLabels(label, raw, 'train')
  if (raw.validation !== undefined) checkLabels(label, raw, 'validation')
  checkLabels(label, raw, 'test')
  const even = { train: evenPart(label, raw, 'train'), test: evenPart(label, raw, 'test') }
  const taken = takenForValidation(request, raw)
  checkTraining({ ...request, validation: taken }, raw.train.count, even.train)
  checkTest(request, raw.test.count, even.test)

  const order = balancedOrder(raw.train.labels, classes, createRng(name, seed, 'train and validation'))
  const testOrder = balancedOrder(raw.test.labels, classes, createRng(name, 'test'))
  const forTraining = trainingOrder(order, even.train, taken)
  const validationOrder =
    raw.validation === undefined
      ? order
      : balancedOrder(raw.validation.labels, classes, createRng(name, seed, 'validation'))
  const chosen = {
    train: forTraining.subarray(0, train || forTraining.length),
    validation: validationOrder.subarray(0, validation),
    test: testOrder.subarray(0, test || testOrder.length),
  }
  const assertEven = (split: SplitName, from: Split): void =>
    assertBalanced(labelled(from, chosen[split]), classes, split)
  // With classes of unequal size, all images together are not balanced.
  if (train > 0 || even.train === raw.train.count) assertEven('train', raw.train)
  assertEven('validation', raw.validation ?? raw.train)
  if (test > 0 || even.test === raw.test.count) assertEven('test', raw.test)
  checkEveryClass({ ...request, validation: taken }, raw, chosen.train)
  return chosen
}

/**
 * How many of the training images are for validation.
 *
 * @throws ConfigError if more validation images are asked for than the data set has of its own.
 */
function takenForValidation(request: DatasetRequest, raw: RawImages): number {
  if (raw.validation === undefined) return request.validation
  const even = evenPart(datasetLabel(request), raw, 'validation')
  if (request.validation <= even) return 0
  throw new ConfigError(
    `${datasetLabel(request)} has ${even} validation images of its own that are balanced over its classes, but ` +
      `data.validation asks for ${request.validation}. Set data.validation to at most ${even}.`,
  )
}

/** A network learns nothing about a class without a training image. */
function checkEveryClass(request: DatasetRequest, { classNames, train: all }: RawImages, chosen: Uint32Array): void {
  const { train, validation } = request
  const name = datasetLabel(request)
  const taken = classCounts(labelled(all, chosen), classNames.length)
  const empty = taken.indexOf(0)
  if (empty < 0) return
  const none = `no training image of class ${empty} (${classNames[empty]})`
  const smallest = Math.min(...classCounts(all, classNames.length))
  const mostValidation = classNames.length * (smallest - 1)
  if (validation <= mostValidation) {
    throw new ConfigError(
      `${name} has ${classNames.length} classes, and data.train of ${train} leaves ${none}. ` +
        `Set data.train to at least ${classNames.length}, or to 0 for all that is left.`,
    )
  }
  throw new ConfigError(
    `${name} has ${counted(smallest, 'training image')} of its smallest class, and data.validation of ` +
      `${validation} leaves ${none}. ` +
      (mostValidation > 0
        ? `Set data.validation to at most ${mostValidation}.`
        : 'Add images of it, or leave the class out.'),
  )
}

/** Built-in readers ensure this; a user's data set (docs/extending.md) may not. */
function checkLabels(name: string, raw: RawImages, split: SplitName): void {
  const { labels } = imagesOf(raw, split)
  const classes = raw.classNames.length
  const wrong = labels.findIndex((label) => label >= classes)
  if (wrong >= 0)
    throw new DataError(`${name}: ${split} image ${wrong} has label ${labels[wrong]}, not 0..${classes - 1}.`)
}

/** The chosen images of a split. */
const labelled = ({ labels }: Split, chosen: Uint32Array): Labelled => ({
  labels: Array.from(chosen, (image) => labels[image] as number),
})

const imagesOf = (raw: RawImages, split: SplitName): Split => raw[split] ?? raw.train

/** Maximum number of images with the same number of every class. */
function evenPart(label: string, raw: RawImages, split: SplitName): number {
  const counts = classCounts(imagesOf(raw, split), raw.classNames.length)
  const empty = counts.indexOf(0)
  if (empty >= 0)
    throw new DataError(
      `${label}: there are no ${split === 'train' ? 'training' : split} images of class ${raw.classNames[empty]}. Add some, or remove the class.`,
    )
  return counts.length * Math.min(...counts)
}

/** From the end of the balanced rounds; the extra images of larger classes, which are in no round, come last. */
function trainingOrder(order: Uint32Array, even: number, validation: number): Uint32Array {
  const rounds = order.subarray(validation, even).toReversed()
  const images = new Uint32Array(rounds.length + order.length - even)
  images.set(rounds)
  images.set(order.subarray(even), rounds.length)
  return images
}

function checkTraining(request: DatasetRequest, available: number, even: number): void {
  const { train, validation } = request
  const name = datasetLabel(request)
  const asks = `data.train asks for ${train === 0 ? 'all that is left' : train} and data.validation for ${validation}. `
  // At least one image must be left.
  if (validation + Math.max(train, 1) > available) {
    throw new ConfigError(
      `${name} has ${available} images for training and validation together, but ${asks}` +
        (validation < available ? `Set data.train to at most ${available - validation}.` : 'Lower data.validation.'),
    )
  }
  if (validation + train > even) {
    throw new ConfigError(
      `${name} has ${even} images for training and validation that are balanced over its classes, but ${asks}` +
        (validation < even
          ? `Set data.train to at most ${even - validation}, or to 0 for all that is left, balanced or not.`
          : 'Lower data.validation.'),
    )
  }
}

function checkTest(request: DatasetRequest, available: number, even: number): void {
  const { test } = request
  if (test <= even) return
  const name = datasetLabel(request)
  const balanced = even < available ? ' that are balanced over its classes' : ''
  throw new ConfigError(
    `${name} has ${even} test images${balanced}, but data.test asks for ${test}. Set it to at most ${even}, or to 0 ` +
      'for all.',
  )
}
