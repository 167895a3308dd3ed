import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { DataError } from '../platform/errors.js'
import { messageOf } from '../platform/message-of.js'
import { FileKindError } from '../platform/plain-file.js'
import type { Split } from './dataset.js'
import type { LoadHooks, RawImages } from './raw-images.js'
import { openMaybeGzip, UnpackingBudget } from './unpack.js'

/** An array of bytes in MNIST's format IDX. */
export interface IdxArray {
  readonly shape: readonly number[]
  readonly bytes: Uint8Array
}

/**
 * Reads IDX, packed by gzip or not: two zeros, the type (8: bytes), the number of axes, each axis' length (uint32,
 * big-endian), the elements. Unpacks only as much as the header declares.
 *
 * @throws DataError for anything else, and if it unpacks to too much; the message does not name the file.
 * @throws FileKindError for anything but a plain file.
 */
async function readIdx(file: string): Promise<IdxArray> {
  const { reader, fileBytes, isPacked } = openMaybeGzip(file)
  try {
    const start = await reader.read(4)
    const view = new DataView(start.buffer, start.byteOffset, start.length)
    if (start.length < 4 || view.getUint16(0) !== 0) throw new DataError('it does not begin as an IDX file does')
    const [type, axes] = [view.getUint8(2), view.getUint8(3)]
    if (type !== 8) throw new DataError(`its elements are of type ${type}, not bytes (8)`)
    const lengths = Buffer.from(await reader.read(4 * axes))
    if (axes === 0 || lengths.length < 4 * axes) throw new DataError('it ends within its header')
    const shape = Array.from({ length: axes }, (_, axis) => lengths.readUInt32BE(4 * axis))
    const expected = shape.reduce((product, length) => product * length, 1)
    const differ = (follow: string): DataError =>
      new DataError(`${shape.join(' x ')} bytes are promised, but ${follow} follow: it is cut off or damaged`)
    // Before memory is allocated, checks that the data exist (or may exist and are not too large).
    const headerBytes = 4 + 4 * axes
    if (!isPacked && fileBytes - headerBytes !== expected) throw differ(String(fileBytes - headerBytes))
    if (isPacked) new UnpackingBudget(fileBytes).spend(headerBytes + expected)
    const bytes = await reader.read(expected)
    if (bytes.length < expected) throw differ(String(bytes.length))
    if ((await reader.skip(1)) > 0) throw differ('more')
    return { shape, bytes }
  } finally {
    await reader.close()
  }
}

/** Names of the four files, with `idx3` after a dash or a dot, packed or not. */
export const idxName = /^(train|t10k)-(images|labels)[-.]idx[13]-ubyte(\.gz)?$/

/**
 * The four IDX files of a folder: `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, and the same with `t10k`, each
 * of them packed (`.gz`) or not. There may be any number of images of any one size.
 *
 * @param getIt where to get the files; appended to errors.
 * @throws DataError naming the file.
 */
export async function readIdxFolder(
  folder: string,
  classNames: readonly string[],
  getIt: string,
  { onProgress }: LoadHooks,
): Promise<RawImages> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new DataError(`${folder}: it is not a folder that can be read. ${getIt}`, { cause })
  })
  const read = async (split: string, what: string, axes: number): Promise<IdxArray & { readonly file: string }> => {
    const name = names.filter((candidate) => idxName.test(candidate)).find((n) => n.startsWith(`${split}-${what}`))
    if (name === undefined) throw new DataError(`${folder}: it has no ${split}-${what}-idx${axes}-ubyte. ${getIt}`)
    const file = path.join(folder, name)
    onProgress?.(split === 'train' ? 0 : 0.5, `reading ${file}`)
    try {
      const array = await readIdx(file)
      if (array.shape.length === axes) return { ...array, file }
      throw new DataError(`it has ${array.shape.length} axes, not ${axes}`)
    } catch (cause) {
      if (cause instanceof FileKindError) throw cause
      throw new DataError(`${file}: ${messageOf(cause)}. ${getIt}`, { cause })
    }
  }
  const splitOf = async (split: string) => {
    const images = await read(split, 'images', 3)
    const labels = await read(split, 'labels', 1)
    const [count = 0, height = 0, width = 0] = images.shape
    if (labels.shape[0] !== count) {
      throw new DataError(`${labels.file}: it has ${labels.shape[0]} labels for ${count} images. ${getIt}`)
    }
    const wrong = labels.bytes.findIndex((label) => label >= classNames.length)
    if (wrong >= 0) {
      throw new DataError(
        `${labels.file}: label ${wrong} is ${labels.bytes[wrong]}, not 0..${classNames.length - 1}. ${getIt}`,
      )
    }
    const part: Split = { count, pixels: images.bytes, labels: labels.bytes }
    return { part, height, width, file: images.file }
  }
  const train = await splitOf('train')
  const test = await splitOf('t10k')
  if (test.height !== train.height || test.width !== train.width) {
    throw new DataError(
      `${test.file}: its images are ${test.height} x ${test.width}, those for training ${train.height} x ${train.width}. ${getIt}`,
    )
  }
  onProgress?.(1, `${folder} read`)
  return { classNames, channels: 1, height: train.height, width: train.width, train: train.part, test: test.part }
}
