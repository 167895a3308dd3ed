import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { DataError } from '../../platform/errors.js'
import { mostClasses } from '../dataset.js'

/** An image file and the position of its class. */
export interface ImageFile {
  readonly file: string
  readonly label: number
}

/** The image files of a folder of class folders, sorted. */
export interface ListedImages {
  readonly classNames: readonly string[]
  readonly train: readonly ImageFile[]
  /** Empty where there is no folder of test images. */
  readonly test: readonly ImageFile[]
  /** Files that are no images by their names. */
  readonly others: readonly string[]
}

const getIt =
  'Give a folder that has a folder of PNG or JPEG images for each class, or train and test with those folders in them.'

const imageEnding = /\.(png|jpe?g|jfif|gif|bmp|webp|tiff?)$/i
/** What file managers leave behind. */
const litter = /^(\.|Thumbs\.db$|desktop\.ini$|__MACOSX$)/i
const testFolders = ['test', 'val', 'valid', 'validation']

/**
 * Lists the images: folders in a folder are classes, in the order of their names; or there are `train` and `test` (or
 * `val`, `valid`, `validation`) that hold them. What is deeper within a class' folder belongs to the class too.
 *
 * @throws DataError for a folder that is missing, empty or mixed.
 */
export async function listImages(root: string): Promise<ListedImages> {
  const { folders, files } = await list(root)
  const named = (name: string): string | undefined => folders.find((folder) => folder.toLowerCase() === name)
  const trainFolder = await withFolders(root, named('train'))
  const testFolder = testFolders.map(named).find((name) => name !== undefined)
  const others = files.map((name) => path.join(root, name))
  if (trainFolder === undefined) {
    if (testFolder !== undefined && folders.length <= testFolders.length && folders.every(isTestFolder)) {
      throw new DataError(`${root}: it has ${testFolder}, but no train. ${getIt}`)
    }
    const train = await listClasses(root, folders)
    return {
      classNames: checkClasses(root, folders),
      train: train.images,
      test: [],
      others: [...others, ...train.others],
    }
  }
  const trainPath = path.join(root, trainFolder)
  const classNames = checkClasses(trainPath, (await list(trainPath)).folders)
  const train = await listClasses(trainPath, classNames)
  if (testFolder === undefined)
    return { classNames, train: train.images, test: [], others: [...others, ...train.others] }
  const testPath = path.join(root, testFolder)
  const foreign = (await list(testPath)).folders.filter((name) => !classNames.includes(name))
  if (foreign.length > 0) {
    throw new DataError(
      `${path.join(testPath, foreign[0] as string)}: ${trainPath} has no such class. Rename or remove it.`,
    )
  }
  const test = await listClasses(testPath, classNames)
  return { classNames, train: train.images, test: test.images, others: [...others, ...train.others, ...test.others] }
}

/** The name if folders lie in it: a class may be called "train" too. */
async function withFolders(root: string, name: string | undefined): Promise<string | undefined> {
  if (name === undefined) return undefined
  return (await list(path.join(root, name))).folders.length > 0 ? name : undefined
}

const isTestFolder = (name: string): boolean => testFolders.includes(name.toLowerCase())

function checkClasses(folder: string, names: readonly string[]): readonly string[] {
  if (names.length >= 2 && names.length <= mostClasses) return names
  throw new DataError(
    `${folder}: it holds ${names.length} folders, but 2 to ${mostClasses} classes are wanted. ${getIt}`,
  )
}

async function listClasses(folder: string, classNames: readonly string[]) {
  const images: ImageFile[] = []
  const others: string[] = []
  for (const [label, name] of classNames.entries()) {
    for (const file of await filesWithin(path.join(folder, name))) {
      if (imageEnding.test(file)) images.push({ file, label })
      else others.push(file)
    }
  }
  return { images, others }
}

/** All files below a folder, sorted; none where it does not exist. */
async function filesWithin(folder: string): Promise<readonly string[]> {
  const { folders, files } = await list(folder, true)
  const nested: string[] = []
  for (const name of folders) nested.push(...(await filesWithin(path.join(folder, name))))
  return [...files.map((name) => path.join(folder, name)), ...nested]
}

/** Names sorted by code units, so that the order is the same on every machine. Links are what they lead to. */
async function list(folder: string, mayBeAbsent = false) {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: NodeJS.ErrnoException) => {
    if (mayBeAbsent && cause.code === 'ENOENT') return []
    throw new DataError(`${folder}: it is not a folder that can be read (${cause.code}). ${getIt}`, { cause })
  })
  const folders: string[] = []
  const files: string[] = []
  for (const entry of entries) {
    if (litter.test(entry.name)) continue
    const target = entry.isSymbolicLink() ? await stat(path.join(folder, entry.name)).catch(() => entry) : entry
    const names = target.isDirectory() ? folders : files
    names.push(entry.name)
  }
  return { folders: folders.sort(), files: files.sort() }
}
