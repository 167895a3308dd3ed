import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { DataError } from '../../platform/errors.js'
import { listed } from '../../platform/listed.js'
import { messageOf } from '../../platform/message-of.js'
import { FileKindError } from '../../platform/plain-file.js'
import { pathWord } from '../../platform/shell.js'
import { archiveNames } from '../archive-names.js'
import { matlabRefusal } from '../arrays/matlab.js'
import { diskTree } from '../file-tree/disk-tree.js'
import { archiveEnding, archiveKind, archiveMarkBytes } from '../file-tree/open-tree.js'
import { imageKind } from '../folders/decode/image-kind.js'
import { hasImageEnding } from '../folders/is-image-file.js'
import { isTableName } from '../folders/labels/label-table.js'
import { isSidecar } from '../folders/labels/sidecars.js'
import { withoutImages } from '../folders/without-images.js'
import { findIdxFolder, readIdxName } from '../idx.js'
import { isNpy } from '../numpy/npy.js'
import { holdsParquet } from '../parquet/find-parquet.js'
import { isCsvName } from '../pixel-csv/csv-files.js'
import { isPixelCsv } from '../pixel-csv/read-pixel-csv.js'
import type { DatasetName } from '../registry.js'
import { firstBytes } from '../unpack.js'
import { beside } from '../unread/commands.js'
import { refuseUnread } from '../unread/unread.js'
import { openZip } from '../zip.js'

/** The kind of data at a path. */
export interface Recognised {
  /** In words: `an .npz file of NumPy's arrays`. */
  readonly kind: string
  readonly name: DatasetName
  /** The value for `data.path`; for one of several files their folder. */
  readonly path: string
}

const known =
  'Known are: folders, ZIP and tar archives of class folders with images, .npz files, folders of .npy files, Parquet ' +
  'files, tables of pixels (.csv), CIFAR-10, CIFAR-100, ImageNet16 and MNIST files (IDX).'

/** Kinds that are recognised by file names in an archive or folder. */
const byNames: readonly { readonly kind: string; readonly name: DatasetName; readonly file: RegExp }[] = [
  { kind: 'CIFAR-10, binary version', name: 'cifar10', file: /^(data_batch_\d|test_batch)\.bin$/ },
  { kind: 'CIFAR-10, Python version', name: 'cifar10', file: /^(data_batch_\d|test_batch|batches\.meta)$/ },
  { kind: 'CIFAR-100, binary version', name: 'cifar100', file: /^(fine_label_names\.txt|train\.bin)$/ },
  { kind: 'ImageNet16', name: 'imagenet16-120', file: /^train_data_batch_\d+$/ },
]
/** Files of the Python version of CIFAR-100, which have names of their own only in their folder. */
const python100 = /(^|\/)cifar-100-python\/(meta|train|test)$/

/**
 * Recognises the data at a path by content: the first bytes of a file, the names in an archive or a folder.
 *
 * @throws DataError if it is missing or unknown, with the next step.
 */
export async function recognise(location: string): Promise<Recognised> {
  await refuseUnread(location)
  const found = await stat(location).catch(() => null)
  if (found === null) throw new DataError(`${location}: it does not exist. Check the path.`)
  return found.isDirectory() ? recogniseFolder(location) : recogniseFile(location)
}

async function recogniseFile(file: string): Promise<Recognised> {
  const start = startOf(file)
  const folder = path.dirname(file)
  if (isCsvName(file) && (await isPixelCsv(file)))
    return { kind: 'a table of pixels (CSV)', name: 'arrays', path: file }
  const archive = archiveKind(start)
  if (archive === 'zip') return recogniseZip(file)
  if (archive === 'tar.gz') return recogniseGzip(file)
  if (archive === 'tar') return archiveOf('tar', file)
  if (Buffer.from(start).toString('latin1', 0, 4) === 'PAR1')
    return { kind: 'a Parquet file', name: 'parquet', path: file }
  if (isNpy(start)) return { kind: "a folder of NumPy's .npy files", name: 'arrays', path: folder }
  if (readIdxName(path.basename(file)) !== null) return idx(folder)
  const refusal = await matlabRefusal(file)
  if (refusal !== null) throw refusal
  const image = imageKind(start)
  if (image !== null) {
    throw new DataError(
      `${file}: it is one ${image} image. Name the folder of class folders that it is in, such as ` +
        `${pathWord(path.dirname(path.dirname(path.resolve(file))))}.`,
    )
  }
  if (isCsvName(file)) {
    throw new DataError(
      `${file}: it is a table, but not one of pixels (label,pixel0,...). If it has the labels of images, name the folder that holds it ` +
        'and the images.',
    )
  }
  throw new DataError(`${file}: it is not in a known format (it begins with ${shownBytes(start)}). ${known}`)
}

/** NumPy's arrays, or images. */
async function recogniseZip(file: string): Promise<Recognised> {
  const zip = await openZip(file).catch(() => null)
  const names = zip?.entries.map(({ name }) => name) ?? []
  await zip?.close()
  // A damaged one is opened as what it is likely to be, and that reports the damage.
  const isNpz = names.length === 0 ? file.toLowerCase().endsWith('.npz') : names.some((name) => name.endsWith('.npy'))
  const files = names.filter((name) => !name.endsWith('/'))
  if (!isNpz && files.length > 0 && files.every((name) => isOther(name)))
    throw withoutImagesInside(file, files, 'unzip')
  return isNpz ? { kind: "an .npz file of NumPy's arrays", name: 'arrays', path: file } : archiveOf('ZIP', file)
}

const archiveOf = (kind: string, file: string): Recognised => ({
  kind: `a ${kind} archive of folders of images`,
  name: 'folders',
  path: file,
})

/** A `.tar.gz` by the names in it, or a packed IDX file. */
async function recogniseGzip(file: string): Promise<Recognised> {
  if (readIdxName(path.basename(file)) !== null) return idx(path.dirname(file))
  const inside = archiveNames(file)
  const names: string[] = []
  try {
    for await (const name of inside) {
      const base = path.posix.basename(name)
      const kind = byNames.find((candidate) => candidate.file.test(base))
      if (kind !== undefined) return { kind: `${kind.kind}, an archive`, name: kind.name, path: file }
      if (python100.test(name)) return { kind: 'CIFAR-100, Python version, an archive', name: 'cifar100', path: file }
      if (hasImageEnding(base)) return archiveOf('tar.gz', file)
      if (names.push(base) === 100) break
    }
  } catch (cause) {
    if (cause instanceof DataError && cause.message.startsWith(file)) throw cause
    const reason = messageOf(cause).replace(/\.$/, '')
    throw new DataError(
      `${file}: it cannot be read as a .tar.gz archive (${reason}). If it is one, it is cut off or damaged: download or copy it again.`,
      { cause },
    )
  }
  throw withoutImagesInside(file, names, 'tar')
}

/** Whether a file in an archive is no image, by its ending. */
const isOther = (name: string): boolean => /\.[a-z]\w{1,5}$/i.test(name) && !hasImageEnding(name)

function withoutImagesInside(file: string, names: readonly string[], unpacker: 'tar' | 'unzip'): DataError {
  const folder = pathWord(beside(file, ''))
  const packed = pathWord(file)
  const line =
    unpacker === 'tar' ? `mkdir -p ${folder} && tar -xf ${packed} -C ${folder}` : `unzip ${packed} -d ${folder}`
  const inside =
    names.length === 0
      ? 'which is empty'
      : `without images or a known data set (it holds ${listed(names, { most: 3 })})`
  return new DataError(`${file}: it is an archive ${inside}. Unpack it and check what is there: ${line}`)
}

async function recogniseFolder(folder: string): Promise<Recognised> {
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries.map(({ name }) => name).sort()
  const kind = byNames.find((candidate) => names.some((name) => candidate.file.test(name)))
  if (kind !== undefined) return { kind: `${kind.kind}, a folder`, name: kind.name, path: folder }
  if (names.some((name) => python100.test(`${path.basename(path.resolve(folder))}/${name}`))) {
    return { kind: 'CIFAR-100, Python version, a folder', name: 'cifar100', path: folder }
  }
  if (await holdsParquet(folder)) {
    return { kind: 'a folder of Parquet files', name: 'parquet', path: folder }
  }
  if (names.some((name) => name.toLowerCase().endsWith('.npy'))) {
    return { kind: "a folder of NumPy's .npy files", name: 'arrays', path: folder }
  }
  for (const name of names.filter(isCsvName)) {
    if (await isPixelCsv(path.join(folder, name)))
      return { kind: 'a folder of tables of pixels (CSV)', name: 'arrays', path: folder }
  }
  // A folder that contains the folder or archive of a published data set; loaders accept it too.
  const inner = names.find((name) =>
    /^(cifar-100?-(batches-bin|batches-py|binary|python)(\.tar\.gz)?|ImageNet16(\.tar\.gz)?)$/.test(name),
  )
  if (inner !== undefined) return recognise(path.join(folder, inner))
  const withIdx = await findIdxFolder(folder)
  if (withIdx !== null) return idx(withIdx)
  if (entries.some((entry) => !entry.isFile() && !entry.name.startsWith('.'))) {
    return { kind: 'a folder of class folders of images', name: 'folders', path: folder }
  }
  const hasImages = names.some((name) => hasImageEnding(name))
  if (hasImages && names.some((name) => isTableName(name) || isSidecar(name))) {
    return { kind: 'a folder of images with their labels', name: 'folders', path: folder }
  }
  if (names.some((name) => archiveEnding.test(name))) {
    return { kind: 'a folder of archives of images', name: 'folders', path: folder }
  }
  const refusal = await matlabRefusal(folder)
  if (refusal !== null) throw refusal
  const readable: Recognised[] = []
  for (const name of names.slice(0, mostTried)) {
    const found = await recogniseFile(path.join(folder, name)).catch(() => null)
    if (found !== null) readable.push(found)
  }
  const [one, another] = readable
  if (one !== undefined && another === undefined) return one
  if (one !== undefined && another !== undefined) {
    throw new DataError(`${folder}: it holds several data sets (${one.path}, ${another.path}). Name one of them.`)
  }
  throw await withoutImages(diskTree(folder))
}

/** Maximum number of files in a folder without folders to recognise. */
const mostTried = 50

/** MNIST and Fashion-MNIST have the same files; they can only be distinguished by the folder name. */
function idx(folder: string): Recognised {
  const name = /fashion/i.test(path.resolve(folder)) ? 'fashion-mnist' : 'mnist'
  return { kind: 'files in the format of MNIST (IDX)', name, path: folder }
}

const shownBytes = (start: Uint8Array): string =>
  [...start.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')

function startOf(file: string): Uint8Array {
  try {
    return firstBytes(file, archiveMarkBytes)
  } catch (cause) {
    if (cause instanceof FileKindError) throw cause
    throw new DataError(`${file}: it cannot be read. Check its permissions.`, { cause })
  }
}
