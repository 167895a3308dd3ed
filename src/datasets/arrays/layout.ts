import { DataError } from '../../platform/errors.js'
import type { ReadingOptions } from '../dataset.js'
import { describeShape } from '../numpy/npy.js'
import { stridesOf } from '../numpy/numpy-array.js'
import type { NamedArray } from './parts.js'

/** Position of the channels in `[count, ...]` arrays of images. */
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
 * The axes of images of shape N x H x W, N x H x W x C or N x C x H x W. Without a given layout the channels are the
 * axis that has 1 to 4 elements, if the other one has more.
 *
 * @throws DataError if that is ambiguous.
 */
export function imageAxes({ where, array }: NamedArray, given: Layout | undefined): ImageAxes {
  const { shape } = array
  const [count = 0, a = 0, b = 0, c = 0] = shape
  const [n = 1, sa = 1, sb = 1, sc = 1] = stridesOf(array)
  const shown = describeShape(shape)
  if (shape.length < 3 || shape.length > 4) {
    throw new DataError(
      `${where}: images are wanted as N x H x W, N x H x W x C or N x C x H x W, not ${shown}. Reshape it.`,
    )
  }
  if (shape.includes(0)) throw new DataError(`${where}: its shape ${shown} says that it holds nothing. Save it again.`)
  if (shape.length === 3) return { count, channels: 1, height: a, width: b, strides: [n, 1, sa, sb] }
  const layout = given ?? guess(where, a, c, shown)
  return layout === 'nchw'
    ? { count, channels: a, height: b, width: c, strides: [n, sa, sb, sc] }
    : { count, channels: c, height: a, width: b, strides: [n, sc, sa, sb] }
}

function guess(where: string, second: number, last: number, shown: string): Layout {
  const [isFirst, isLast] = [second <= mostChannels, last <= mostChannels]
  if (isFirst !== isLast) return isFirst ? 'nchw' : 'nhwc'
  const doubt = isFirst ? 'either end of it may be the channels' : 'neither end of it looks like channels'
  throw new DataError(`${where}: of shape ${shown} ${doubt}. Set data.layout to nhwc (channels last) or nchw (first).`)
}
