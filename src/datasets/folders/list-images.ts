import path from 'node:path'
import { counted } from '../../platform/count.js'
import { DataError } from '../../platform/errors.js'
import { mostClasses } from '../dataset.js'
import { defaultFolderLimits, type FolderPath, FolderWalk } from './folder-walk.js'

/** An image file and the index of its class. */
export interface ImageFile {
  readonly file: string
  readonly label: number
}

/** The image files of a folder of class folders, sorted. */
export interface ListedImages {
  readonly classNames: readonly string[]
  readonly train: readonly ImageFile[]
  /** Empty without a folder of test images. */
  readonly test: readonly ImageFile[]
  /** Files without an image extension, and entries that are not files. */
  readonly others: readonly string[]
  /** Links to folders that were not followed, and links to files that are in the same class already: `FROM -> TO`. */
  readonly unfollowed: readonly string[]
  readonly repeated: readonly string[]
}

const getIt =
  'Give a folder that has a folder of PNG or JPEG images for each class, or train and test with those folders in them.'

const imageEnding = /\.(png|jpe?g|jfif|gif|bmp|webp|tiff?)$/i
const testFolders = ['test', 'val', 'valid', 'validation']

/**
 * Lists the images: folders in a folder are classes, in the order of their names; or there are `train` and `test` (or
 * `val`, `valid`, `validation`) that hold them. Files in deeper folders of a class belong to the class too.
 *
 * A class, `train` or `test` may be a link to a folder elsewhere, and an image a link to a file. Any other link to a
 * folder is skipped (`FolderWalk`).
 *
 * @throws DataError for a folder that is missing, empty, mixed or too large.
 */
export async function listImages(root: string, limits = defaultFolderLimits): Promise<ListedImages> {
  const walk = new FolderWalk(root, limits, getIt)
  const { files, special } = await walk.list(root)
  walk.special.push(...special.map((name) => path.join(root, name)))
  const subfolders = await walk.subfolders(root)
  const folders = subfolders.map(({ name }) => name)
  const named = (name: string): Named | undefined =>
    subfolders.find((subfolder) => subfolder.name.toLowerCase() === name)
  const trainSubfolder = named('train')
  const testSubfolder = testFolders.map(named).find((subfolder) => subfolder !== undefined)
  const others = files.map((name) => path.join(root, name))
  // A class may be called "train" too.
  const trainClasses =
    trainSubfolder === undefined ? [] : await walk.subfolders(trainSubfolder.folder, testSubfolder && [testSubfolder])
  if (trainSubfolder === undefined || trainClasses.length === 0) {
    if (testSubfolder !== undefined && folders.length <= testFolders.length && folders.every(isTestFolder)) {
      throw new DataError(`${root}: it has ${testSubfolder.name}, but no train. ${getIt}`)
    }
    const classNames = checkClasses(root, folders, walk)
    const train = await listClasses(walk, subfolders, classNames)
    return { classNames, train: train.images, test: [], ...foundBy(walk, [...others, ...train.others]) }
  }
  const classNames = checkClasses(trainSubfolder.folder, namesOf(trainClasses), walk)
  const train = await listClasses(walk, trainClasses, classNames)
  if (testSubfolder === undefined)
    return { classNames, train: train.images, test: [], ...foundBy(walk, [...others, ...train.others]) }
  const testClasses = await walk.subfolders(testSubfolder.folder, trainClasses)
  const foreign = testClasses.find(({ name }) => !classNames.includes(name))
  if (foreign !== undefined) {
    throw new DataError(`${foreign.folder}: ${trainSubfolder.folder} has no such class. Rename or remove it.`)
  }
  const test = await listClasses(walk, testClasses, classNames)
  return {
    classNames,
    train: train.images,
    test: test.images,
    ...foundBy(walk, [...others, ...train.others, ...test.others]),
  }
}

type Named = FolderPath & { readonly name: string }

const namesOf = (subfolders: readonly Named[]): readonly string[] => subfolders.map(({ name }) => name)

const foundBy = ({ unfollowed, repeated, special }: FolderWalk, others: readonly string[]) => ({
  others: [...others, ...special],
  unfollowed,
  repeated,
})

const isTestFolder = (name: string): boolean => testFolders.includes(name.toLowerCase())

function checkClasses(folder: string, names: readonly string[], { unfollowed }: FolderWalk): readonly string[] {
  if (names.length >= 2 && names.length <= mostClasses) return names
  const links =
    unfollowed.length === 0 ? '' : ` (links that are not followed: ${unfollowed.length}, the first ${unfollowed[0]})`
  throw new DataError(
    `${folder}: it holds ${counted(names.length, 'folder')}${links}, but 2 to ${mostClasses} classes are supported. ${getIt}`,
  )
}

async function listClasses(walk: FolderWalk, subfolders: readonly Named[], classNames: readonly string[]) {
  const images: ImageFile[] = []
  const others: string[] = []
  for (const subfolder of subfolders) {
    const label = classNames.indexOf(subfolder.name)
    for (const file of await walk.filesWithin(subfolder)) {
      if (imageEnding.test(file)) images.push({ file, label })
      else others.push(file)
    }
  }
  return { images, others }
}
