import { ConfigError } from '../platform/errors.js'
import { sha256 } from '../platform/sha256.js'
import { chooseImages } from './choose-images.js'
import { type Dataset, labelBytes, makeLabels, type Split, type SplitName } from './dataset.js'
import { type DatasetRequest, datasetLabel } from './dataset-request.js'
import { channelStatistics, unscaled } from './normalisation.js'
import type { LoadHooks, RawImages } from './raw-images.js'
import { rawImagesLoader } from './registry.js'
import { requireMemory } from './require-memory.js'
import { resampleImages } from './resample.js'
import { inSettings } from './setting-words.js'

/**
 * Loads a data set and splits its images as requested.
 *
 * Training and validation images are disjoint, balanced parts of the official training images, chosen by
 * `request.seed`. They are taken from opposite ends of one random order. So the validation images do not depend on
 * `train`, nor the training images on `validation` unless they take all the rest, and a larger number only adds images.
 * Test images are a balanced part of the official test images, the same for every seed, so that all runs use the same
 * ones. Official validation images, where there are any, are used instead of a part of the training images. In every split the classes are mixed: the first n images are balanced too. If classes have unequal sizes, a
 * split of all images ends with the extra images of the larger classes.
 *
 * The pixels are in shared memory, so that worker threads read them without copying.
 *
 * @throws ConfigError for an unknown name, a module that cannot be loaded, or numbers that the data set cannot meet.
 * @throws DataError if the data are missing or damaged.
 */
export function loadDataset(request: DatasetRequest, hooks: LoadHooks = {}): Promise<Dataset> {
  return inSettings(() => readAndDeal(request, hooks))
}

async function readAndDeal(request: DatasetRequest, hooks: LoadHooks): Promise<Dataset> {
  const load = rawImagesLoader(request)
  checkRequest(request)
  const { settings = {}, train, validation, test } = request
  const { path, channels, labels, layout, splits: folders, testShare } = request
  const wanted = {
    train: train === 0 ? 0 : train + validation,
    test,
    size: request.size,
    channels,
    layout,
    splits: folders,
    labels,
    testShare,
  }
  const raw = await load({ ...wanted, path, settings }, hooks)
  const chosen = chooseImages(request, raw)
  const { name, size, normalise = true } = request
  const shape = { channels: raw.channels, height: size ?? raw.height, width: size ?? raw.width }
  const images = chosen.train.length + chosen.validation.length + chosen.test.length
  requireMemory(`data.name ${datasetLabel(request)}`, { images, ...shape })
  const splits: Readonly<Record<SplitName, Split>> = {
    train: gather(raw, raw.train, chosen.train, size),
    validation: gather(raw, raw.validation ?? raw.train, chosen.validation, size),
    test: gather(raw, raw.test, chosen.test, size),
  }
  return {
    name: datasetLabel(request),
    classes: raw.classNames.length,
    classNames: raw.classNames,
    ...shape,
    normalisation: normalise ? channelStatistics(splits.train, raw.channels) : (raw.scale ?? unscaled(raw.channels)),
    ...splits,
    fingerprint: fingerprint(
      [name, ...Object.values(shape), ...(normalise ? [] : ['as they are']), ...unseenClasses(raw.classNames, splits)],
      splits,
    ),
  }
}

/** The number of classes, which labels alone may not show: a network has an output for each. */
function unseenClasses(names: readonly string[], splits: Readonly<Record<SplitName, Split>>): readonly string[] {
  const seen = new Set(Object.values(splits).flatMap(({ labels }) => [...new Set(labels)]))
  return seen.size === names.length ? [] : [`${names.length} classes`]
}

function checkRequest({ train, validation, test, size }: DatasetRequest): void {
  for (const [key, value] of Object.entries({ train, validation, test })) {
    if (!Number.isInteger(value) || value < 0) {
      throw new ConfigError(`data.${key} must be a whole number of images, but got ${value}.`)
    }
  }
  if (validation === 0) {
    throw new ConfigError('data.validation must be at least 1, but got 0: finalists are chosen by validation images.')
  }
  if (size !== null && (!Number.isInteger(size) || size < 1)) {
    throw new ConfigError(`data.size must be a whole number of pixels or null, but got ${size}.`)
  }
}

/** The images named by `chosen`, in that order, resampled, in shared memory. */
function gather(raw: RawImages, from: Split, chosen: Uint32Array, size: number | null): Split {
  const { channels, height, width } = raw
  const pixelsPerImage = channels * height * width
  const count = chosen.length
  const labels = makeLabels(raw.classNames.length, count, 'shared')
  const originals = new Uint8Array(new SharedArrayBuffer(count * pixelsPerImage))
  for (const [i, image] of chosen.entries()) {
    labels[i] = from.labels[image] as number
    originals.set(from.pixels.subarray(image * pixelsPerImage, (image + 1) * pixelsPerImage), i * pixelsPerImage)
  }
  if (size === null || (size === height && size === width)) return { count, pixels: originals, labels }
  const pixels = new Uint8Array(new SharedArrayBuffer(count * channels * size * size))
  resampleImages(originals, height, width, size, pixels)
  return { count, pixels, labels }
}

/** The first 16 hexadecimal digits of a SHA-256 over the shape, all pixels and all labels. */
function fingerprint(images: readonly (string | number)[], splits: Readonly<Record<SplitName, Split>>): string {
  const parts = [splits.train, splits.validation, splits.test].flatMap(({ count, pixels, labels }) => [
    `${count} images`,
    pixels,
    labelBytes(labels),
  ])
  return sha256(JSON.stringify(images), ...parts).slice(0, 16)
}
