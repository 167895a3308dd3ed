import type { Clock } from '../platform/clock.js'
import type { Dataset, ReadingOptions, Split } from './dataset.js'

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
  /** Told, in one line, of what was done that the user may not expect. */
  readonly onWarning?: ((message: string) => void) | undefined
  /** If given, the last progress message of a slow step tells its duration. */
  readonly clock?: Clock | undefined
}

/** What will be used of a data set, and how files are to be understood that do not say it themselves. */
export interface WantedImages extends ReadingOptions {
  /** Images for training and validation together, for data sets that are made rather than read. Zero: all there may be. */
  readonly train: number
  readonly test: number
}

/** What a data set is asked for. */
export interface ImagesRequest extends WantedImages {
  /** `data.path` of the configuration. */
  readonly path?: string | undefined
  /** `data.settings` of the configuration; empty unless the data set is a module. */
  readonly settings: Readonly<Record<string, unknown>>
}

/**
 * Reads or makes a data set: every image of it, of which fear-nas takes what the configuration says.
 *
 * @example
 * const load = async ({ path, settings }, hooks) => ({ classNames, channels: 1, height: 28, width: 28, train, test })
 */
export type RawImagesLoader = (request: ImagesRequest, hooks: LoadHooks) => RawImages | Promise<RawImages>
