import type { Clock } from '../platform/clock.js'
import type { Dataset, Split } from './dataset.js'

/** A data set as its authors published it: every image, in its original size and in the official split. */
export interface RawImages {
  readonly classNames: readonly string[]
  readonly channels: number
  readonly height: number
  readonly width: number
  /** The official training images. Validation images are drawn from them too. */
  readonly train: Split
  /** The official test images. */
  readonly test: Split
  /** `(byte / 255 - mean) / std` are the values that bytes stand for; absent where those are 0..1. */
  readonly scale?: Dataset['normalisation']
}

/** What a caller may watch and supply while data are loaded. */
export interface LoadHooks {
  /** Told how far a slow step has come, 0..1, and what it is doing, in words for a progress line. */
  readonly onProgress?: ((fraction: number, message: string) => void) | undefined
  /** If given, the last progress message of a slow step tells its duration. */
  readonly clock?: Clock | undefined
}

/** How many images will be used, for data sets that are made rather than read. Zero: all there may be. */
export interface WantedImages {
  /** For training and validation together. */
  readonly train: number
  readonly test: number
}

/** Reads a data set; `path` is what the configuration gave as `data.path`. */
export type RawImagesLoader = (path: string | undefined, hooks: LoadHooks, wanted: WantedImages) => Promise<RawImages>
