import { DataError } from '../platform/errors.js'
import type { Split } from './dataset.js'
import { NumpyArray } from './numpy/numpy-array.js'
import { readPickle } from './pickle/read-pickle.js'
import type { PickleValue } from './pickle/values.js'
import { type PublishedFiles, readPublishedFiles } from './published-files.js'
import type { LoadHooks, RawImages } from './raw-images.js'

const trainFiles = Array.from({ length: 10 }, (_, i) => `train_data_batch_${i + 1}`)
const testFile = 'val_data'
const side = 16
const pixelsPerImage = 3 * side * side
/** The first 120 of ImageNet's 1,000 classes. */
const classes = 120

const published: PublishedFiles = {
  dataset: 'imagenet16-120',
  title: 'ImageNet16-120',
  folder: 'ImageNet16',
  archive: 'ImageNet16.tar.gz',
  files: [...trainFiles, testFile],
  // 128,116 images of 768 bytes, and their labels.
  mostFileBytes: 128 * 2 ** 20,
  getIt:
    'Give the folder ImageNet16 with train_data_batch_1 to _10 and val_data: ImageNet at 16x16 from ' +
    'https://image-net.org/download-images, or as https://github.com/D-X-Y/NATS-Bench links it.',
}

/**
 * ImageNet16-120 (Dong and Yang, arXiv 2001.00326): of ImageNet scaled down to 16x16 (Chrabaszcz, Loshchilov and
 * Hutter, arXiv 1707.08819) the images with labels 1 to 120; 151,700 for training, and 6,000 validation images, which
 * are the test images here (NATS-Bench uses 3,000 of them for each). Each file is a pickled dictionary with `data`,
 * rows of 768 bytes (a red, a green and a blue plane), and `labels`, which count from 1. The classes are of unequal
 * size.
 *
 * @param location the folder `ImageNet16`, a folder that holds it, or an archive of it.
 * @throws ConfigError without a location.
 * @throws DataError for a missing or damaged file, or one with unexpected contents.
 */
export async function loadImagenet16(location: string | undefined, hooks: LoadHooks): Promise<RawImages> {
  const files = await readPublishedFiles(published, location, hooks, readBatch)
  return {
    // The files do not contain the class names.
    classNames: Array.from({ length: classes }, (_, i) => `class ${i + 1}`),
    channels: 3,
    height: side,
    width: side,
    train: joined(trainFiles.map((name) => files.of(name))),
    test: files.of(testFile),
  }
}

/** The images of the first 120 classes in one file. */
function readBatch(bytes: Uint8Array, name: string, source: string): Split {
  try {
    const { rows, labels } = parts(readPickle(bytes))
    return firstClasses(rows, labels)
  } catch (cause) {
    if (!(cause instanceof DataError)) throw cause
    throw new DataError(`${name} in ${source}: ${cause.message}. ${published.getIt}`, { cause })
  }
}

function parts(batch: PickleValue): { readonly rows: NumpyArray; readonly labels: readonly number[] } {
  if (!(batch instanceof Map)) throw new DataError('it does not contain a dictionary')
  const [rows, labels] = [batch.get('data'), batch.get('labels')]
  if (!(rows instanceof NumpyArray) || rows.dtype !== 'u1' || rows.shape.length !== 2 || rows.isFortran) {
    throw new DataError('it has no "data" of rows of bytes')
  }
  const [count, width] = rows.shape
  if (width !== pixelsPerImage) {
    throw new DataError(`its images have ${width} instead of ${pixelsPerImage} values: only 16x16 pixels are supported`)
  }
  if (!Array.isArray(labels) || labels.length !== count) {
    throw new DataError(`it has no "labels" with a list of ${count}, one per image`)
  }
  const wrong = labels.findIndex((label) => !Number.isInteger(label) || Number(label) < 1 || Number(label) > 1000)
  if (wrong >= 0) throw new DataError(`image ${wrong} has label ${shownLabel(labels[wrong])}, not 1..1000`)
  return { rows, labels: labels as number[] }
}

/** Lists are not printed, since they may be nested many times. */
function shownLabel(label: PickleValue | undefined): string {
  return typeof label === 'number' || typeof label === 'boolean' ? String(label) : 'not a number'
}

function firstClasses({ bytes }: NumpyArray, labels: readonly number[]): Split {
  const count = labels.filter((label) => label <= classes).length
  const kept = { count, pixels: new Uint8Array(count * pixelsPerImage), labels: new Uint8Array(count) }
  let to = 0
  for (const [image, label] of labels.entries()) {
    if (label > classes) continue
    kept.labels[to] = label - 1
    kept.pixels.set(bytes.subarray(image * pixelsPerImage, (image + 1) * pixelsPerImage), to * pixelsPerImage)
    to++
  }
  return kept
}

function joined(splits: readonly Split[]): Split {
  const count = splits.reduce((sum, split) => sum + split.count, 0)
  const all = { count, pixels: new Uint8Array(count * pixelsPerImage), labels: new Uint8Array(count) }
  let at = 0
  for (const { count: images, pixels, labels } of splits) {
    all.pixels.set(pixels, at * pixelsPerImage)
    all.labels.set(labels, at)
    at += images
  }
  return all
}
