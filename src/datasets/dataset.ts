/**
 * Images in typed arrays that worker threads share without a copy: both arrays lie in SharedArrayBuffers, and the
 * whole object survives `structuredClone` and `workerData`.
 */
export interface Dataset {
  readonly name: string
  readonly classes: number
  readonly classNames: readonly string[]
  readonly channels: number
  readonly height: number
  readonly width: number
  /**
   * `(byte / 255 - mean) / std` is what networks see, per channel: mean and standard deviation of the training images in
   * use, or what leaves the pixels as they are.
   */
  readonly normalisation: { readonly mean: readonly number[]; readonly std: readonly number[] }
  readonly train: Split
  readonly validation: Split
  readonly test: Split
  /** Identifies the very images and splits: equal fingerprints mean equal data. */
  readonly fingerprint: string
}

export interface Split {
  readonly count: number
  /** Bytes 0..255, `[count, channels, height, width]`. */
  readonly pixels: Uint8Array
  readonly labels: Uint8Array
}

/** Labels are kept as bytes. */
export const mostClasses = 256

export type SplitName = 'train' | 'validation' | 'test'

/** How to understand files that do not say it themselves: a user's own arrays and folders. */
export interface ReadingOptions {
  /** Height and width to resample to; null or absent keeps the original. */
  readonly size?: number | null | undefined
  /** 1: all images become grey; 3: all become colour. Absent: as they are. */
  readonly channels?: 1 | 3 | undefined
  /** Where the channels of arrays stand: last or first. Absent: told from their shape. */
  readonly layout?: 'nhwc' | 'nchw' | undefined
  /** What part of the images are set aside where there are no test images, 0..1. */
  readonly testShare?: number | undefined
}
