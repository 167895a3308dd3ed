import { ConfigError, DataError } from '../../platform/errors.js'
import type { Split } from '../dataset.js'
import type { LoadHooks, RawImages, WantedImages } from '../raw-images.js'
import { setTestAside } from '../set-aside.js'
import { classesOf, type Label, positionsOf } from './labels.js'
import { type ImageAxes, imageAxes } from './layout.js'
import { type ArrayPixels, arrayPixels } from './pixels.js'
import { readSplits, type SplitArrays } from './read-splits.js'

/** How many times as bright the training images may be as others, or others as they. */
const mostBrighter = 8

/**
 * The user's data set as numbers: images, labels, and optionally validation and test images and labels, as arrays in an
 * `.npz` file, as `.npy` files in a folder, or as tables of pixels (CSV). Images become bytes (`pixels.ts`), labels the indices of their classes in
 * ascending order; without test images the validation images take their place, or else some are set aside.
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
    throw new ConfigError(
      'arrays needs data.path. Give an .npz file, a folder of .npy files, or a table of pixels (.csv).',
    )
  hooks.onProgress?.(0, `reading ${location}`)
  const splits = await readSplits(location, hooks)
  const read = (split: SplitArrays): Part => readPart(split, wanted?.layout, hooks)
  const train = read(splits.train)
  const validation = splits.validation === undefined ? null : read(splits.validation)
  const test = splits.test === undefined ? null : read(splits.test)
  hooks.onProgress?.(1, `${location} read`)
  const classes = classesOf(train.labels.where, train.labels.values)
  const { channels, height, width } = train.axes
  const shape = { classNames: classes.map(String), channels, height, width }
  for (const other of [validation, test]) if (other !== null) checkAlike(train, other)
  const splitOf = ({ axes, pixels, labels }: Part): Split => ({
    count: axes.count,
    pixels: pixels.pixels,
    labels: positionsOf(labels.where, labels.values, classes),
  })
  if (test !== null) {
    return {
      ...shape,
      train: splitOf(train),
      ...(validation !== null && { validation: splitOf(validation) }),
      test: splitOf(test),
    }
  }
  if (validation !== null) {
    hooks.onWarning?.(`${location} has no test images: the validation images take their place`)
    return { ...shape, train: splitOf(train), test: splitOf(validation) }
  }
  const set = { where: location, images: splitOf(train), classNames: shape.classNames }
  return { ...shape, ...setTestAside(set, wanted?.testShare, hooks) }
}

/** The images of a split. */
interface Part {
  readonly where: string
  readonly axes: ImageAxes
  readonly pixels: ArrayPixels
  readonly labels: { readonly where: string; readonly values: readonly Label[] }
}

function readPart({ images, labels }: SplitArrays, layout: WantedImages['layout'], { onWarning }: LoadHooks): Part {
  const axes = imageAxes(images, layout, labels.count)
  const values = labels.read(axes.count)
  const pixels = arrayPixels(images, axes)
  if (pixels.clipped > 0) {
    const total = pixels.pixels.length
    onWarning?.(`${images.where}: ${pixels.clipped} of ${total} values lie beyond ${pixels.kind} and are cut off there`)
  }
  return { where: images.where, axes, pixels, labels: { where: labels.where, values } }
}

/** @throws DataError for images of another size, or of values that cannot be on the same scale. */
function checkAlike(train: Part, other: Part): void {
  const [a, b] = [train.axes, other.axes]
  if (a.channels !== b.channels || a.height !== b.height || a.width !== b.width) {
    throw new DataError(
      `${other.where}: its images have ${sizeText(b)}, the training images ${sizeText(a)} (channels x height x width). Save both in one size.`,
    )
  }
  const [bright, brightOther] = [train.pixels.brightest, other.pixels.brightest]
  if (Math.max(bright, brightOther) <= mostBrighter * Math.max(1, Math.min(bright, brightOther))) return
  throw new DataError(
    `${other.where}: its brightest pixel is ${brightOther} of 255, that of the training images ${bright}: they are not on ` +
      'the same scale. Save both in 0..255, or both as floating-point numbers in 0..1.',
  )
}

const sizeText = ({ channels, height, width }: ImageAxes): string => `${channels} x ${height} x ${width}`
