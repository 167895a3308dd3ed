import { DataError } from '../../platform/errors.js'
import { worded } from '../../platform/wording.js'
import type { ReadingOptions } from '../dataset.js'
import { describeShape } from '../numpy/npy.js'
import { stridesOf } from '../numpy/numpy-array.js'
import { settingWords } from '../setting-words.js'
import type { NamedArray } from './parts.js'

/** The order of the axes of images: count, channels, height, width. */
type Layout = NonNullable<ReadingOptions['layout']>

/** The axes of an array of images: lengths and strides. */
export interface ImageAxes {
  readonly count: number
  readonly channels: number
  readonly height: number
  readonly width: number
  /** Elements between neighbours along [count, channels, height, width]. */
  readonly strides: readonly [number, number, number, number]
}

/** Maximum number of channels that is recognised. */
const mostChannels = 4

/**
 * The axes of images of shape N x H x W, N x H x W x C, N x C x H x W, H x W x C x N (as in SVHN), H x W x N, or N x D
 * of square images. Without a given layout the channels are the axis that has 1 to 4 elements, if the other one has
 * more; the images are the last axis if it is as long as there are labels, and the first is not.
 *
 * @param labels the number of labels
 * @throws DataError if that is ambiguous.
 */
export function imageAxes({ where, array }: NamedArray, given: Layout | undefined, labels: number): ImageAxes {
  const { shape } = array
  const strides = stridesOf(array)
  const shown = describeShape(shape)
  if (shape.length < 2 || shape.length > 4) {
    throw new DataError(
      `${where}: expected images as N x H x W, N x H x W x C or N x C x H x W, got ${shown}. Reshape it, such as x.reshape(len(labels), HEIGHT, WIDTH, CHANNELS).`,
    )
  }
  if (shape.includes(0))
    throw new DataError(`${where}: its shape ${shown} means that it is empty. Check how it was made.`)
  if (shape.length === 2) return flatAxes(where, shape, strides, given)
  const isCountLast = shape[0] !== labels && shape.at(-1) === labels
  const [a = 0, b = 0, c = 0, d = 0] = shape
  const [sa = 1, sb = 1, sc = 1, sd = 1] = strides
  if (shape.length === 3) {
    return isCountLast || given === 'hwcn'
      ? { count: c, channels: 1, height: a, width: b, strides: [sc, 1, sa, sb] }
      : { count: a, channels: 1, height: b, width: c, strides: [sa, 1, sb, sc] }
  }
  if (given === undefined && b > mostChannels && b === c && c === d) {
    throw new DataError(
      worded`${where}: ${shown} are volumes, or images of ${b} channels. Save a slice of each volume, such as x[:, ${b >> 1}], or set ${settingWords.layout} to nhwc (channels last) or nchw (first).`,
    )
  }
  switch (given ?? (isCountLast && c <= mostChannels ? 'hwcn' : guess(where, b, d, shown))) {
    case 'hwcn':
      return { count: d, channels: c, height: a, width: b, strides: [sd, sc, sa, sb] }
    case 'nchw':
      return { count: a, channels: b, height: c, width: d, strides: [sa, sb, sc, sd] }
    case 'nhwc':
      return { count: a, channels: d, height: b, width: c, strides: [sa, sd, sb, sc] }
  }
}

function guess(where: string, second: number, last: number, shown: string): Layout {
  const [isFirst, isLast] = [second <= mostChannels, last <= mostChannels]
  if (isFirst !== isLast) return isFirst ? 'nchw' : 'nhwc'
  const doubt = isFirst ? 'either end of it may be the channels' : 'neither end of it looks like channels'
  throw new DataError(
    worded`${where}: of shape ${shown} ${doubt}. Set ${settingWords.layout} to nhwc (channels last) or nchw (first).`,
  )
}

/** N x 784 as 28 x 28; N x 3072 as three planes of 32 x 32, or 32 x 32 x 3, which the layout must tell. */
function flatAxes(
  where: string,
  shape: readonly number[],
  strides: readonly number[],
  given: Layout | undefined,
): ImageAxes {
  const [count = 0, length = 0] = shape
  const [n = 1, step = 1] = strides
  const side = Math.sqrt(length)
  if (Number.isInteger(side) && side > 1) {
    return { count, channels: 1, height: side, width: side, strides: [n, step, side * step, step] }
  }
  const colour = Math.sqrt(length / 3)
  if (!Number.isInteger(colour) || colour <= 1) {
    throw new DataError(
      `${where}: expected images as N x H x W, N x H x W x C or N x C x H x W, got ${describeShape(shape)}, which are no ` +
        'square images either. Reshape it: x.reshape(-1, HEIGHT, WIDTH).',
    )
  }
  const planar = [n, colour * colour * step, colour * step, step] as const
  const interleaved = [n, step, 3 * colour * step, 3 * step] as const
  if (given === undefined || given === 'hwcn') {
    throw new DataError(
      worded`${where}: ${count} x ${length} may be colour images of ${colour} x ${colour}. Set ${settingWords.layout} to nchw (red, green and blue plane, as in CIFAR) or nhwc (the colours of each pixel together).`,
    )
  }
  return { count, channels: 3, height: colour, width: colour, strides: given === 'nchw' ? planar : interleaved }
}
