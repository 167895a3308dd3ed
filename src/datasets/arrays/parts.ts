import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { DataError } from '../../platform/errors.js'
import { listed } from '../../platform/listed.js'
import { messageOf } from '../../platform/message-of.js'
import { FileKindError, FileSizeError, readPlainFile } from '../../platform/plain-file.js'
import { mostDatasetBytes } from '../limits.js'
import { type ElementReader, elementReader } from '../numpy/elements.js'
import { ElementsError, PythonObjectsError, readNpy } from '../numpy/npy.js'
import type { NumpyArray } from '../numpy/numpy-array.js'
import { ArraySizeError } from '../unpack.js'
import { beside, python } from '../unread/commands.js'
import { openZip } from '../zip.js'

export type PartName = 'images' | 'labels' | 'validationImages' | 'validationLabels' | 'testImages' | 'testLabels'

/** Something for images and labels, and maybe for the others. */
type Parts<T> = Readonly<Record<'images' | 'labels', T> & Partial<Record<PartName, T>>>

/** The arrays of a data set, each with its name for errors: `my.npz: x_train`. */
export interface ArrayParts {
  readonly parts: Parts<NamedArray>
  /** Arrays that are ignored. */
  readonly unused: readonly string[]
}

export interface NamedArray {
  readonly where: string
  readonly array: NumpyArray
}

/**
 * Recognised names, in lower case, without `_` and `-`: Keras' mnist.npz has x_train, MedMNIST train_images and
 * val_images, scikit-learn data and target; np.savez without names gives arr_0 and arr_1.
 */
const aliases: Readonly<Record<PartName, readonly string[]>> = {
  images: ['images', 'image', 'data', 'x', 'arr0', ...of('train', 'training')],
  labels: ['labels', 'label', 'target', 'targets', 'y', 'arr1', ...labelsOf('train', 'training')],
  validationImages: of('val', 'valid', 'validation'),
  validationLabels: labelsOf('val', 'valid', 'validation'),
  testImages: of('test', 'testing'),
  testLabels: labelsOf('test', 'testing'),
}
function of(...splits: readonly string[]): readonly string[] {
  return splits.flatMap((split) => [`${split}images`, `${split}image`, `${split}data`, `${split}x`, `x${split}`])
}
function labelsOf(...splits: readonly string[]): readonly string[] {
  return splits.flatMap((split) => [`${split}labels`, `${split}label`, `${split}targets`, `${split}y`, `y${split}`])
}

/** What to give instead; appended to errors. */
export const getIt =
  'Give an .npz file with images and labels, and testImages and testLabels if there are any, a folder with images.npy and ' +
  'labels.npy (test_images.npy, test_labels.npy), or a table of pixels (.csv) with a column label.'

/**
 * Finds and reads the `.npy` files of a folder.
 *
 * @throws DataError naming the file for anything missing, duplicate or damaged.
 */
export async function readFolder(folder: string): Promise<ArrayParts> {
  const files = (await readdir(folder)).filter((name) => name.toLowerCase().endsWith('.npy')).sort()
  const { chosen, unused } = choose(folder, files)
  const parts = await readChosen(chosen, async (name, part) => {
    const where = path.join(folder, name)
    const read = async () => readNpy(readPlainFile(where, { mostBytes: mostDatasetBytes }))
    return { where, array: await named(where, read, nextOf(part)) }
  })
  return { parts, unused }
}

/**
 * Finds and reads the arrays in an `.npz` file.
 *
 * @throws as `readFolder`.
 */
export async function readNpz(file: string): Promise<ArrayParts> {
  if (file.toLowerCase().endsWith('.npy')) {
    throw new DataError(`${file}: one .npy file is not a data set. Name its folder. ${getIt}`)
  }
  const zip = await named(
    file,
    () => openZip(file),
    () => getIt,
  )
  try {
    const names = zip.entries.map(({ name }) => name).filter((name) => name.endsWith('.npy'))
    const { chosen, unused } = choose(file, names)
    const parts = await readChosen(chosen, async (name, part) => {
      const where = `${file}: ${withoutEnding(name)}`
      const entry = zip.entries.find((candidate) => candidate.name === name)
      if (entry === undefined) throw new DataError(`${where}: it is missing. Save it again.`)
      return { where, array: await named(where, async () => readNpy(await zip.read(entry)), nextOf(part)) }
    })
    return { parts, unused }
  } finally {
    await zip.close()
  }
}

async function readChosen(
  { images, labels, ...others }: Parts<string>,
  read: (name: string, part: PartName) => Promise<NamedArray>,
): Promise<Parts<NamedArray>> {
  const parts = { images: await read(images, 'images'), labels: await read(labels, 'labels') }
  const more: Partial<Record<PartName, NamedArray>> = {}
  for (const [part, name] of Object.entries(others)) more[part as PartName] = await read(name, part as PartName)
  return { ...more, ...parts }
}

/** Assigns the arrays to their roles. */
function choose(where: string, names: readonly string[]) {
  const found: Partial<Record<PartName, string>> = {}
  for (const part of Object.keys(aliases) as PartName[]) {
    const alike = names.filter((name) => aliases[part].includes(plain(name)))
    if (alike.length > 1) {
      throw new DataError(
        `${where}: ${listed(alike.map(withoutEnding), { separator: ' and ' })} both match ${part}. Keep one of them: ${keepOne(where, names, part, alike[0] ?? '')}`,
      )
    }
    if (alike[0] !== undefined) found[part] = alike[0]
  }
  const { images, labels, testImages, testLabels, validationImages, validationLabels } = found
  if (images === undefined || labels === undefined) {
    if (names.length === 0) {
      throw new DataError(`${where}: it has no .npy files. For folders of images set data.name to folders. ${getIt}`)
    }
    const missing = images === undefined ? 'images' : 'labels'
    throw new DataError(
      `${where}: it has no ${missing} (it has ${listed(names.map(withoutEnding))}). Name the arrays of images and labels so: ` +
        renamed(where, 'IMAGES', 'LABELS'),
    )
  }
  if ((testImages === undefined) !== (testLabels === undefined)) {
    const [there, absent] = testLabels === undefined ? ['testImages', 'testLabels'] : ['testLabels', 'testImages']
    throw new DataError(`${where}: it has ${there}, but no ${absent}. Add them, or leave both out.`)
  }
  const chosen: Parts<string> = {
    images,
    labels,
    ...(validationImages !== undefined && validationLabels !== undefined && { validationImages, validationLabels }),
    ...(testImages !== undefined && testLabels !== undefined && { testImages, testLabels }),
  }
  const used = Object.values(chosen)
  return { chosen, unused: names.filter((name) => !used.includes(name)).map(withoutEnding) }
}

/** A line that saves two arrays of a file, or of a folder, under the names that are known. */
function renamed(where: string, images: string, labels: string): string {
  const load = where.toLowerCase().endsWith('.npz')
    ? 'd=np.load(sys.argv[1])'
    : 'd={k:np.load(sys.argv[1]+"/"+k+".npy") for k in sys.argv[3:]}'
  const out = beside(where, '-images-labels.npz')
  return python(
    `import sys,numpy as np; ${load}; np.savez(sys.argv[2],images=d[sys.argv[3]],labels=d[sys.argv[4]])`,
    where,
    out,
    images,
    labels,
  )
}

/** The line that keeps one of several arrays of a part, where there is one of the other. */
function keepOne(where: string, names: readonly string[], part: PartName, name: string): string {
  const other = (wanted: PartName, otherwise: string): string =>
    withoutEnding(names.find((candidate) => aliases[wanted].includes(plain(candidate))) ?? otherwise)
  return part.toLowerCase().endsWith('labels')
    ? renamed(where, other('images', 'IMAGES'), withoutEnding(name))
    : renamed(where, withoutEnding(name), other('labels', 'LABELS'))
}

const withoutEnding = (name: string): string => name.replace(/\.npy$/i, '')
const plain = (name: string): string => withoutEnding(name).toLowerCase().replace(/[_-]/g, '')

/** Reads the elements of an array as numbers. @param next what to do if they are something else */
export function readerOf({ where, array }: NamedArray, next: string): ElementReader {
  try {
    return elementReader(array)
  } catch (cause) {
    if (!(cause instanceof DataError)) throw cause
    throw new DataError(`${where}: ${cause.message}. ${next}`, { cause })
  }
}

/** What to do with an array of more than 4 GiB. */
const makeSmaller =
  'Save images as bytes, x.astype("uint8") or, from 0..1, (255 * x).round().astype("uint8"), or save fewer.'

/** What to do with a damaged array, and with one of Python objects. */
function nextOf(part: PartName): (cause: DataError) => string {
  const objects = part.endsWith('abels')
    ? 'labels.astype(str) for texts, labels.astype(int) for numbers'
    : 'np.stack(images)'
  return (cause) => {
    if (cause instanceof PythonObjectsError) return `Convert them before you save them: ${objects}.`
    if (cause instanceof ElementsError)
      return part.endsWith('abels') ? 'Save labels.astype(str).' : "Save x.astype('float32')."
    if (cause instanceof ArraySizeError) return makeSmaller
    return 'Save it again, uncompressed if it is large (np.savez).'
  }
}

/** Adds the name of the file to an error, and what to do. */
async function named<T>(where: string, work: () => Promise<T>, next: (cause: DataError) => string): Promise<T> {
  return work().catch((cause: unknown) => {
    if (cause instanceof FileSizeError) throw new DataError(`${cause.message} ${makeSmaller}`, { cause })
    if (cause instanceof FileKindError) throw cause
    if (cause instanceof DataError) throw new DataError(`${where}: ${cause.message}. ${next(cause)}`, { cause })
    throw new DataError(`${where}: it cannot be read (${messageOf(cause)}). Check it and its permissions.`, { cause })
  })
}
