import type { PartValue } from '../platform/parts/part-value.js'
import type { ReadingOptions } from './dataset.js'
import type { RawImages, RawImagesLoader } from './raw-images.js'

/** The requested images of a configuration. Zero or absent numbers mean all. */
export interface DatasetRequest extends ReadingOptions {
  /** The name of a data set of this package, or `module`, or `value`. */
  readonly name: string
  /** For `name: module`: a path relative to the working directory, or a package. Its default export is a RawImagesLoader. */
  readonly module?: string | undefined
  /** For `name: module`: passed to the module. */
  readonly settings?: Readonly<Record<string, unknown>> | undefined
  /** For `name: value`: the value; only its name if the request was read from JSON. */
  readonly value?: PartValue<RawImages | RawImagesLoader> | string | undefined
  /** Folder or archive, for data sets that are not in a package. */
  readonly path?: string | undefined
  readonly train: number
  readonly validation: number
  readonly test: number
  /** Height and width to resample to; null: keep the size. */
  readonly size: number | null
  /** Whether to scale the training images to mean 0 and standard deviation 1; default true. */
  readonly normalise?: boolean | undefined
  /** Seed of the random, class-balanced choice of training and validation images. */
  readonly seed: string | number
}

/** What to call a data set: its name, or its module, or the name of its value. */
export function datasetLabel({ module, name, value }: Pick<DatasetRequest, 'name' | 'module' | 'value'>): string {
  return (name === 'module' ? module : name === 'value' ? value?.toString() : undefined) ?? name
}
