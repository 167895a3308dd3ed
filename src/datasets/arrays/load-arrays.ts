import { ConfigError, DataError } from '../../platform/errors.js'
import { listed } from '../../platform/listed.js'
import type { Split } from '../dataset.js'
import type { LoadHooks, RawImages, WantedImages } from '../raw-images.js'
import { setTestAside } from '../set-aside.js'
import { classesOf, positionsOf, readLabels } from './labels.js'
import { type ImageAxes, imageAxes } from './layout.js'
import { type NamedArray, readParts } from './parts.js'
import { arrayPixels, pixelScale } from './pixels.js'

/**
 * The user's data set as NumPy arrays: images, labels, and optionally test images and labels, in an `.npz` file or as
 * `.npy` files in a folder. Images become bytes (`pixels.ts`), labels the indices of their classes in ascending order;
 * without test images some are set aside.
 *
 * @throws ConfigError without a location.
 * @throws DataError `FILE: problem: next step` for anything that cannot be read.
 */
export async function loadArrays(
  location: string | undefined,
  hooks: LoadHooks,
  wanted?: Pick<WantedImages, 'layout' | 'testShare'>,
): Promise<RawImages> {
  if (location === undefined)
    throw new ConfigError('arrays needs data.path. Give an .npz file or a folder of .npy files.')
  hooks.onProgress?.(0, `reading ${location}`)
  const { parts, unused } = await readParts(location)
  const { images, labels, testImages, testLabels } = parts
  // Checked by readParts.
  if (images === undefined || labels === undefined) throw new DataError(`${location}: it has no images.`)
  if (unused.length > 0) hooks.onWarning?.(`${location}: not used: ${listed(unused)}`)
  const axes = imageAxes(images, wanted?.layout)
  const trainLabels = readLabels(labels, axes.count)
  const classes = classesOf(labels.where, trainLabels)
  const { channels, height, width } = axes
  const shape = { classNames: classes.map(String), channels, height, width }
  const scale = pixelScale(testImages === undefined ? [images] : [images, testImages])
  const train = splitOf(images, axes, scale, positionsOf(labels.where, trainLabels, classes))
  hooks.onProgress?.(1, `${location} read`)
  if (testImages === undefined || testLabels === undefined) {
    return {
      ...shape,
      ...setTestAside({ where: location, images: train, classNames: shape.classNames }, wanted?.testShare, hooks),
    }
  }
  const testAxes = imageAxes(testImages, wanted?.layout)
  if (testAxes.channels !== channels || testAxes.height !== height || testAxes.width !== width) {
    throw new DataError(
      `${testImages.where}: its images have ${sizeText(testAxes)}, the training images ${sizeText(axes)}. Make them equal.`,
    )
  }
  const positions = positionsOf(testLabels.where, readLabels(testLabels, testAxes.count), classes)
  return { ...shape, train, test: splitOf(testImages, testAxes, scale, positions) }
}

function splitOf(images: NamedArray, axes: ImageAxes, scale: 1 | 255, labels: Uint8Array): Split {
  return { count: axes.count, pixels: arrayPixels(images, axes, scale), labels }
}

const sizeText = ({ channels, height, width }: ImageAxes): string => `${channels} x ${height} x ${width}`
