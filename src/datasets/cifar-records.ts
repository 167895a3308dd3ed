import { DataError } from '../platform/errors.js'
import type { Split } from './dataset.js'
import type { FoundFiles, PublishedFiles } from './published-files.js'

/** Height and width of the images of CIFAR. */
export const cifarSide = 32
const pixelsPerImage = 3 * cifarSide * cifarSide

/** The records of the binary versions of CIFAR: labels, then the red, the green and the blue plane of an image. */
export interface CifarRecords {
  /** Bytes of labels before the image; the last is the label in use. */
  readonly labelBytes: number
  readonly classes: number
  readonly recordsPerFile: number
}

/**
 * The images of some files, in order.
 *
 * @throws DataError for a file of another size or a label out of range.
 */
export function readCifarRecords(
  names: readonly string[],
  files: FoundFiles<Uint8Array>,
  { labelBytes, classes, recordsPerFile }: CifarRecords,
  { getIt }: PublishedFiles,
): Split {
  const recordBytes = labelBytes + pixelsPerImage
  const count = names.length * recordsPerFile
  const pixels = new Uint8Array(count * pixelsPerImage)
  const labels = new Uint8Array(count)
  for (const [fileIndex, name] of names.entries()) {
    const bytes = files.of(name)
    if (bytes.length !== recordsPerFile * recordBytes) {
      throw new DataError(
        `${name} in ${files.source} has ${bytes.length} instead of ${recordsPerFile * recordBytes} bytes. ${getIt}`,
      )
    }
    for (let record = 0; record < recordsPerFile; record++) {
      const image = record * recordBytes + labelBytes
      const label = bytes[image - 1] as number
      if (label >= classes) {
        throw new DataError(
          `image ${record} of ${name} in ${files.source} has label ${label}, not 0..${classes - 1}. ${getIt}`,
        )
      }
      const to = fileIndex * recordsPerFile + record
      labels[to] = label
      pixels.set(bytes.subarray(image, image + pixelsPerImage), to * pixelsPerImage)
    }
  }
  return { count, pixels, labels }
}

/**
 * The names of the classes, one per line.
 *
 * @throws DataError if their number is wrong.
 */
export function readCifarNames(
  name: string,
  files: FoundFiles<Uint8Array>,
  classes: number,
  { getIt }: PublishedFiles,
): readonly string[] {
  const names = Buffer.from(files.of(name))
    .toString('utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
  if (names.length !== classes) {
    throw new DataError(`${name} in ${files.source} names ${names.length} instead of ${classes} classes. ${getIt}`)
  }
  return names.map((line) => line.trim())
}
