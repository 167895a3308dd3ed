import { DataError } from '../platform/errors.js'
import { listed } from '../platform/listed.js'
import { createRng } from '../platform/rng.js'
import { balancedOrder, classCounts } from './class-balance.js'
import { makeLabels, type Split } from './dataset.js'
import type { LoadHooks } from './raw-images.js'

/** Default share of the images to set aside as test images. */
export const defaultTestShare = 0.2

/** Images without test images, and how to name them. */
export interface WithoutTest {
  /** The file or folder. */
  readonly where: string
  readonly images: Split
  readonly classNames: readonly string[]
}

/**
 * Sets test images aside, as many of every class: `share` of all images, but no more than half of the smallest class.
 * The choice depends only on labels and numbers, not on the seed of a run, so that all runs use the same test images;
 * the rest keeps its order. Reports it in a line.
 *
 * @throws DataError if a class has a single image.
 */
export function setTestAside(
  { where, images, classNames }: WithoutTest,
  share = defaultTestShare,
  { onWarning }: LoadHooks = {},
): { readonly train: Split; readonly test: Split } {
  const classes = classNames.length
  const counts = classCounts(images, classes)
  checkSetAside(where, counts, classNames)
  const smallest = Math.min(...counts)
  const perClass = Math.max(1, Math.min(Math.round((share * images.count) / classes), Math.floor(smallest / 2)))
  const order = balancedOrder(images.labels, classes, createRng('set aside'))
  const isTest = new Uint8Array(images.count)
  for (const image of order.subarray(0, perClass * classes)) isTest[image] = 1
  const indices = Array.from({ length: images.count }, (_, i) => i)
  onWarning?.(
    `${where} has no test images: ${perClass} of each class, ${perClass * classes} of its ${images.count} images, are set ` +
      'aside, the same for every seed (data.testShare).',
  )
  return {
    train: pick(
      images,
      indices.filter((i) => isTest[i] === 0),
      classes,
    ),
    test: pick(
      images,
      indices.filter((i) => isTest[i] === 1),
      classes,
    ),
  }
}

/**
 * Checks before any decoding that test images can be set aside.
 *
 * @param counts images of each class
 * @throws DataError if a class has no image, or a single one.
 */
export function checkSetAside(where: string, counts: readonly number[], classNames: readonly string[]): void {
  const smallest = Math.min(...counts)
  if (smallest >= 2) return
  const names = listed(
    classNames.filter((_, i) => counts[i] === smallest),
    { most: 5 },
  )
  throw new DataError(
    smallest === 0
      ? `${where}: there are no images of class ${names}. Add some, or remove the class.`
      : `${where}: there is a single image of class ${names}, and one is needed for training and one for the test. Add some, remove ` +
          'the class, or give test images.',
  )
}

function pick({ count, pixels, labels }: Split, images: readonly number[], classes: number): Split {
  const length = pixels.length / count
  const picked = {
    count: images.length,
    pixels: new Uint8Array(images.length * length),
    labels: makeLabels(classes, images.length),
  }
  for (const [to, image] of images.entries()) {
    picked.pixels.set(pixels.subarray(image * length, (image + 1) * length), to * length)
    picked.labels[to] = labels[image] as number
  }
  return picked
}
