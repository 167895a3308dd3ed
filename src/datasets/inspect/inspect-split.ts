import { classCounts } from '../class-balance.js'
import type { Split } from '../dataset.js'
import type { RawImages } from '../raw-images.js'
import { countConstant } from './image-hashes.js'

export interface SplitFindings {
  readonly images: number
  /** Images of each class, in the order of `classNames`. */
  readonly perClass: readonly number[]
  readonly darkest: number
  readonly brightest: number
  readonly constantImages: number
}

/** The contents of a split. */
export function inspectSplit(
  { channels, classNames }: Pick<RawImages, 'channels' | 'classNames'>,
  split: Split,
): SplitFindings {
  let darkest = 255
  let brightest = 0
  for (const value of split.pixels) {
    if (value < darkest) darkest = value
    if (value > brightest) brightest = value
  }
  return {
    images: split.count,
    perClass: classCounts(split, classNames.length),
    darkest,
    brightest,
    constantImages: countConstant(split, channels),
  }
}
