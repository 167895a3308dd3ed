import { joinLabels, type ReadingOptions, type Split } from '../dataset.js'
import type { LoadHooks, RawImages } from '../raw-images.js'
import { setTestAside } from '../set-aside.js'
import type { DecodedStore } from './decoded-store.js'
import type { ImageFile } from './image-file.js'

/** The images of each split, whose pixels come in this order. */
export interface ListedSplits {
  readonly classNames: readonly string[]
  readonly train: readonly ImageFile[]
  readonly validation: readonly ImageFile[]
  readonly test: readonly ImageFile[]
}

/**
 * Deals decoded images into their splits; without test images, some of the training images are set aside.
 *
 * @param where the data set, for messages
 */
export function dealImages(
  where: string,
  { classNames, train, validation, test }: ListedSplits,
  store: DecodedStore,
  { testShare }: Pick<ReadingOptions, 'testShare'>,
  hooks: LoadHooks,
): RawImages {
  const all = train.length + validation.length + test.length
  const turned = store.isTurned.reduce((sum, flag) => sum + flag, 0)
  if (turned > 0) hooks.onWarning?.(`${where}: ${turned} of ${all} images are turned, as their EXIF data say`)
  const length = store.pixels.length / all
  const splitAt = (from: number, files: readonly ImageFile[]): Split => ({
    count: files.length,
    pixels: store.pixels.subarray(from * length, (from + files.length) * length),
    labels: joinLabels(classNames.length, [files.map(({ label }) => label)]),
  })
  const images = { classNames, ...store.shape, train: splitAt(0, train) }
  if (test.length === 0) {
    return { ...images, ...setTestAside({ where, images: images.train, classNames }, testShare, hooks) }
  }
  return {
    ...images,
    ...(validation.length > 0 && { validation: splitAt(train.length, validation) }),
    test: splitAt(train.length + validation.length, test),
  }
}
