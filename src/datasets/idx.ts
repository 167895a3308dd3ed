import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { DataError } from '../platform/errors.js'
import { listed } from '../platform/listed.js'
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
    if (axes === 0 || lengths.length < 4 * axes) throw new DataError('it ends in its header')
    const shape = Array.from({ length: axes }, (_, axis) => lengths.readUInt32BE(4 * axis))
    const expected = shape.reduce((product, length) => product * length, 1)
    const differ = (follow: string): DataError =>
      new DataError(`${shape.join(' x ')} bytes are declared, but ${follow} follow: it is truncated or damaged`)
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

/** What the name of an IDX file says. */
interface IdxName {
  /** `emnist-digits` of `emnist-digits-test-images-idx3-ubyte`; else empty. */
  readonly about: string
  readonly split: 'train' | 'test'
  readonly what: 'images' | 'labels'
}

const idxName = /^(?:(.+)-)?(train|t10k|test)-(images|labels)[-.]idx[13][-.]ubyte(?:\.gz)?$/i

/** What the name of an IDX file says, with dashes or dots, packed or not; null for other names. */
export function readIdxName(name: string): IdxName | null {
  const [, about = '', split, what] = idxName.exec(name) ?? []
  if (split === undefined || what === undefined) return null
  return {
    about,
    split: split.toLowerCase() === 'train' ? 'train' : 'test',
    what: what.toLowerCase() as IdxName['what'],
  }
}

/** How far below a folder its IDX files may lie: `data/MNIST/raw`. */
const mostLevels = 3

/**
 * The folder with IDX files: `folder` itself, or the only one below it, as torchvision's `MNIST/raw`; null if there is none.
 *
 * @throws DataError if there are several.
 */
export async function findIdxFolder(folder: string, levels = mostLevels): Promise<string | null> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  if (entries.some(({ name }) => readIdxName(name) !== null)) return folder
  if (levels === 0) return null
  const found: string[] = []
  for (const entry of entries) {
    if (!entry.isDirectory() || entry.name.startsWith('.')) continue
    const inner = await findIdxFolder(path.join(folder, entry.name), levels - 1)
    if (inner !== null) found.push(inner)
  }
  if (found.length < 2) return found[0] ?? null
  throw new DataError(`${folder}: there are IDX files in ${listed(found)}. Name one of these folders.`)
}

/**
 * The four IDX files of a folder: `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, and the same with `t10k` or `test`,
 * each of them packed (`.gz`) or not, alone or in a folder of that name, and with a name before it. There may be any number
 * of images of any one size. Labels beyond the names are classes of their own.
 *
 * @param location the folder, or one above it
 * @param getIt where to get the files; appended to errors.
 * @throws DataError naming the file.
 */
export async function readIdxFolder(
  location: string,
  classNames: readonly string[],
  getIt: string,
  { onProgress }: LoadHooks,
): Promise<RawImages> {
  await readdir(location).catch((cause: unknown) => {
    throw new DataError(`${location}: it is not a readable folder. ${getIt}`, { cause })
  })
  const folder = (await findIdxFolder(location)) ?? location
  const files = await idxFiles(folder)
  const read = async (split: IdxName['split'], what: IdxName['what']) => {
    const file = files.get(`${split} ${what}`)
    const axes = what === 'images' ? 3 : 1
    if (file === undefined) {
      throw new DataError(
        `${folder}: it has no ${split === 'train' ? split : 't10k'}-${what}-idx${axes}-ubyte. ${getIt}`,
      )
    }
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
  const splitOf = async (split: IdxName['split']) => {
    const images = await read(split, 'images')
    const labels = await read(split, 'labels')
    const [count = 0, height = 0, width = 0] = images.shape
    if (labels.shape[0] !== count) {
      throw new DataError(`${labels.file}: it has ${labels.shape[0]} labels for ${count} images. ${getIt}`)
    }
    return { count, height, width, images, labels }
  }
  const train = await splitOf('train')
  const test = await splitOf('test')
  if (test.height !== train.height || test.width !== train.width) {
    throw new DataError(
      `${test.images.file}: its images are ${test.height} x ${test.width}, those for training ${train.height} x ${train.width}. ${getIt}`,
    )
  }
  const classes = classesOf(train.labels.bytes, classNames)
  const partOf = ({ count, images, labels }: typeof train): Split => ({
    count,
    pixels: images.bytes,
    labels: labels.bytes.map((label, image) => {
      const position = classes.positions.get(label)
      if (position !== undefined) return position
      throw new DataError(`${labels.file}: label ${image} is ${label}, which no training image has. ${getIt}`)
    }),
  })
  onProgress?.(1, `${folder} read`)
  const { height, width } = train
  return { classNames: classes.names, channels: 1, height, width, train: partOf(train), test: partOf(test) }
}

/** The paths of the four files by split and contents. @throws DataError if there are files of several data sets. */
async function idxFiles(folder: string): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>()
  const abouts = new Set<string>()
  const entries = await readdir(folder, { withFileTypes: true })
  // Files first: Kaggle's archive has each file a second time, in a folder of its name.
  for (const entry of entries.toSorted((a, b) => Number(a.isDirectory()) - Number(b.isDirectory()))) {
    const read = readIdxName(entry.name)
    if (read === null) continue
    const file = path.join(folder, entry.name)
    const key = `${read.split} ${read.what}`
    if (files.has(key) && abouts.has(read.about)) continue
    abouts.add(read.about)
    const inner = path.join(file, entry.name)
    files.set(key, entry.isDirectory() && existsSync(inner) ? inner : file)
  }
  if (abouts.size < 2) return files
  throw new DataError(
    `${folder}: it has the files of ${listed([...abouts].map((about) => about || 'MNIST').sort())}. Name a folder with those of one of them.`,
  )
}

/** Digits or clothes keep all their names; other labels are classes as they come. */
function classesOf(labels: Uint8Array, known: readonly string[]) {
  const all = [...new Set(labels)].sort((a, b) => a - b)
  const names = all.every((label) => label < known.length) ? known : all.map(String)
  const values = names === known ? known.map((_, i) => i) : all
  return { names, positions: new Map(values.map((label, i) => [label, i])) }
}
