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
   * `(byte / 255 - mean) / std` is the network input, per channel: mean and standard deviation of the training images
   * in use, or values that keep the pixels unchanged.
   */
  readonly normalisation: { readonly mean: readonly number[]; readonly std: readonly number[] }
  readonly train: Split
  readonly validation: Split
  readonly test: Split
  /** Identifies the images and splits: equal fingerprints mean equal data. */
  readonly fingerprint: string
}

export interface Split {
  readonly count: number
  /** Bytes 0..255, `[count, channels, height, width]`. */
  readonly pixels: Uint8Array
  readonly labels: Labels
}

/** The class of each image, by its index: bytes for up to 256 classes, 16 bits for more. */
export type Labels = Uint8Array | Uint16Array

/** As many as 16 bits can number. */
export const mostClasses = 2 ** 16

/**
 * Labels of `count` images, all 0, in the type for that many classes.
 *
 * @param memory `shared` for memory that threads share
 * @example
 * makeLabels(1000, 2) // Uint16Array(2) [0, 0]
 */
export function makeLabels(classes: number, count: number, memory: 'own' | 'shared' = 'own'): Labels {
  const Memory = memory === 'shared' ? SharedArrayBuffer : ArrayBuffer
  return classes <= 256 ? new Uint8Array(new Memory(count)) : new Uint16Array(new Memory(2 * count))
}

/** Labels one behind the other, in the type for that many classes. */
export function joinLabels(
  classes: number,
  parts: readonly ArrayLike<number>[],
  memory: 'own' | 'shared' = 'own',
): Labels {
  const labels = makeLabels(
    classes,
    parts.reduce((sum, { length }) => sum + length, 0),
    memory,
  )
  let at = 0
  for (const part of parts) {
    labels.set(part, at)
    at += part.length
  }
  return labels
}

/** Labels as files and fingerprints have them: a byte each, or two in the machine's order, which is little endian. */
export function labelBytes(labels: Labels): Uint8Array {
  return new Uint8Array(labels.buffer, labels.byteOffset, labels.byteLength)
}

export type SplitName = 'train' | 'validation' | 'test'

/** Folders with the class folders of each split, relative to the data set's. */
export interface FolderSplits {
  readonly train: string
  readonly validation?: string | undefined
  readonly test?: string | undefined
}

/** A table of the labels of images. */
export interface LabelSource {
  /** Relative to the data set's path. Absent: recognised by its name and contents. */
  readonly file?: string | undefined
  /** Names of columns. Absent: recognised. */
  readonly image?: string | undefined
  readonly label?: string | undefined
  readonly split?: string | undefined
}

/** How to read the user's arrays and folders, if their contents are ambiguous. */
export interface ReadingOptions {
  /** Height and width to resample to; null or absent: keep the size. */
  readonly size?: number | null | undefined
  /** 1: convert all images to grey; 3: to colour. Absent: unchanged. */
  readonly channels?: 1 | 3 | undefined
  /** The order of the axes of arrays. Absent: determined from their shape. */
  readonly layout?: 'nhwc' | 'nchw' | 'hwcn' | undefined
  /** Share of the images to set aside if there are no test images, 0..1. */
  readonly testShare?: number | undefined
  /** Which folders are which splits; false: every folder is a class. Absent: recognised by their names. */
  readonly splits?: FolderSplits | false | undefined
  /** Which table labels the images of folders, or its file; false: none, folders are classes. Absent: recognised. */
  readonly labels?: string | LabelSource | false | undefined
}
