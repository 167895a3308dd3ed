import path from 'node:path'
import { counted } from '../../platform/count.js'
import { DataError } from '../../platform/errors.js'
import { type FolderSplits, mostClasses } from '../dataset.js'
import { findLayout, type NamedFolder } from './find-layout.js'
import { defaultFolderLimits, type FolderLimits, type FolderPath, FolderWalk } from './folder-walk.js'
import { isImageFile } from './is-image-file.js'

/** An image file and the index of its class. */
export interface ImageFile {
  readonly file: string
  readonly label: number
}

/** The image files of a folder of class folders, sorted. */
export interface ListedImages {
  readonly classNames: readonly string[]
  readonly train: readonly ImageFile[]
  /** Empty without a folder of validation images beside one of test images. */
  readonly validation: readonly ImageFile[]
  /** Empty without a folder of test images. */
  readonly test: readonly ImageFile[]
  /** Files that are no images, by name or content, and entries that are not files. */
  readonly others: readonly string[]
  /** Links to folders that were not followed, and links to files that are in the same class already: `FROM -> TO`. */
  readonly unfollowed: readonly string[]
  readonly repeated: readonly string[]
  /** Which folders were taken for what. */
  readonly notes: readonly string[]
}

const getIt = 'Give a folder that has a folder of images for each class, or train and test with those folders in them.'

/**
 * Lists the images: folders in a folder are classes, in the order of their names; or there are folders for the splits
 * that hold them (`findLayout`). Without test images, the validation images are those for the test. Files in deeper
 * folders of a class belong to the class too.
 *
 * A class or a split may be a link to a folder elsewhere, and an image a link to a file. Any other link to a folder is
 * skipped (`FolderWalk`).
 *
 * @throws DataError for a folder that is missing, empty, mixed, ambiguous or too large.
 */
export async function listImages(
  root: string,
  { limits = defaultFolderLimits, splits: wanted }: ListOptions = {},
): Promise<ListedImages> {
  const walk = new FolderWalk(root, limits, getIt)
  const { notes, splits, top } = await findLayout(root, walk, wanted)
  const { files, special } = await walk.list(top)
  walk.special.push(...special.map((name) => path.join(top, name)))
  const others = files.map((name) => path.join(top, name))
  const trainFolder = splits.train
  const apart = [splits.test, splits.validation].filter((folder) => folder !== undefined)
  const classes = await walk.subfolders(trainFolder.folder, apart)
  const classNames = checkClasses(trainFolder.folder, namesOf(classes), walk)
  const labels = new Map(classNames.map((name, label) => [name, label]))
  const taken = [...classes]
  const list = async (folder: FolderPath | undefined): Promise<ListedFiles> => {
    if (folder === undefined) return { images: [], others: [] }
    const subfolders = await walk.subfolders(folder.folder, taken)
    const foreign = subfolders.find(({ name }) => !labels.has(name))
    if (foreign !== undefined) {
      throw new DataError(`${foreign.folder}: ${trainFolder.folder} has no such class. Rename or remove it.`)
    }
    taken.push(...subfolders)
    return listClasses(walk, subfolders, labels)
  }
  const train = await listClasses(walk, classes, labels)
  const test = await list(splits.test)
  const validation = await list(splits.validation)
  return {
    classNames,
    train: train.images,
    validation: validation.images,
    test: test.images,
    others: [...others, ...train.others, ...test.others, ...validation.others, ...walk.special],
    unfollowed: walk.unfollowed,
    repeated: walk.repeated,
    notes,
  }
}

interface ListOptions {
  readonly limits?: FolderLimits
  /** `data.splits` of the configuration. */
  readonly splits?: FolderSplits | false | undefined
}

const namesOf = (subfolders: readonly NamedFolder[]): readonly string[] => subfolders.map(({ name }) => name)

function checkClasses(folder: string, names: readonly string[], { unfollowed }: FolderWalk): readonly string[] {
  if (names.length >= 2 && names.length <= mostClasses) return names
  const links =
    unfollowed.length === 0 ? '' : ` (links that are not followed: ${unfollowed.length}, the first ${unfollowed[0]})`
  throw new DataError(
    `${folder}: it holds ${counted(names.length, 'folder')}${links}, but 2 to ${mostClasses} classes are supported. ${getIt}`,
  )
}

interface ListedFiles {
  readonly images: readonly ImageFile[]
  readonly others: readonly string[]
}

async function listClasses(
  walk: FolderWalk,
  subfolders: readonly NamedFolder[],
  labels: ReadonlyMap<string, number>,
): Promise<ListedFiles> {
  const images: ImageFile[] = []
  const others: string[] = []
  for (const subfolder of subfolders) {
    const label = labels.get(subfolder.name) as number
    for (const file of await walk.filesWithin(subfolder)) {
      if (isImageFile(file)) images.push({ file, label })
      else others.push(file)
    }
  }
  return { images, others }
}
