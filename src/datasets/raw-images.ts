import type { Clock } from '../platform/clock.js'
import type { Dataset, ReadingOptions, Split } from './dataset.js'

/** A data set as published: all images in original size and the official split. */
export interface RawImages {
  readonly classNames: readonly string[]
  readonly channels: number
  readonly height: number
  readonly width: number
  /** The official training images. Validation images are drawn from them too, unless there are official ones. */
  readonly train: Split
  /** The official validation images, if there are any. */
  readonly validation?: Split | undefined
  /** The official test images. */
  readonly test: Split
  /** `(byte / 255 - mean) / std` are the values of the bytes; absent if they are in 0..1. */
  readonly scale?: Dataset['normalisation']
}

/** Callbacks while data are loaded. */
export interface LoadHooks {
  /** Called with the progress of a slow step, 0..1, and a text for a progress line. */
  readonly onProgress?: ((fraction: number, message: string) => void) | undefined
  /** Called with a line about anything the user may not expect. */
  readonly onWarning?: ((message: string) => void) | undefined
  /** If given, the last progress message of a slow step includes its duration. */
  readonly clock?: Clock | undefined
}

/** The part of a data set that will be used, and how to read ambiguous files. */
export interface WantedImages extends ReadingOptions {
  /** Number of training and validation images together, for generated data sets. Zero: the maximum. */
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
