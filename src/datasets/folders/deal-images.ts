import { joinLabels, type ReadingOptions, type Split } from '../dataset.js'
import type { LoadHooks, RawImages } from '../raw-images.js'
import { checkSetAside, setTestAside } from '../set-aside.js'
import type { DecodingJob } from './decode-all.js'
import { decodeOnce } from './decode-once.js'
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
 * Decodes the images that are listed and deals them into their splits. Without test images, some of the training images are
 * set aside; that this can be done is checked first.
 *
 * @param job its files are those of the splits, one after the other
 * @throws DataError, ConfigError as `decodeOnce` and `checkSetAside`.
 */
export async function decodeAndDeal(
  job: Pick<DecodingJob, 'root' | 'source' | 'files'>,
  listed: ListedSplits,
  wanted: ReadingOptions,
  hooks: LoadHooks,
): Promise<RawImages> {
  const { classNames, test, train } = listed
  if (test.length === 0) {
    const counts = new Array<number>(classNames.length).fill(0)
    for (const { label } of train) counts[label] = (counts[label] ?? 0) + 1
    checkSetAside(job.root, counts, classNames)
  }
  return dealImages(job.root, listed, await decodeOnce(job, wanted, hooks), wanted, hooks)
}

function dealImages(
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
