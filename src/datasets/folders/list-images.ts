import path from 'node:path'
import { counted } from '../../platform/count.js'
import { DataError } from '../../platform/errors.js'
import { listed } from '../../platform/listed.js'
import { joined, worded } from '../../platform/wording.js'
import { type FolderSplits, type LabelSource, mostClasses } from '../dataset.js'
import type { FileTree } from '../file-tree/file-tree.js'
import { findLayout, findTop, type NamedFolder } from './find-layout.js'
import { defaultFolderLimits, type FolderLimits, FolderWalk } from './folder-walk.js'
import type { ImageFile } from './image-file.js'
import { isImageFile } from './is-image-file.js'
import { type FoundLabels, findLabels } from './labels/find-labels.js'
import { type LabelledImages, withLabels } from './labels/list-labelled.js'
import { withoutImages } from './without-images.js'

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
 * that hold them (`findLayout`); or tables label the images (`findLabels`). Without test images, the validation images are
 * those for the test. Files in deeper folders of a class belong to the class too.
 *
 * A class or a split may be a link to a folder elsewhere, and an image a link to a file. Any other link to a folder is
 * skipped (`FolderWalk`).
 *
 * @throws DataError for a folder that is missing, empty, mixed, ambiguous or too large.
 */
export async function listImages(
  tree: FileTree,
  { limits = defaultFolderLimits, splits, labels }: ListOptions = {},
): Promise<ListedImages> {
  const walk = new FolderWalk(tree, limits, getIt, { skipsAnnotations: true })
  if (labels === false || (labels === undefined && splits !== undefined))
    return listClassFolders(walk, { splits }, null)
  const top = labels === undefined ? (await findTop(walk)).folder : tree.root
  const all = new FolderWalk(tree, limits, getIt)
  const found = await findLabels(all, top, labels)
  const rejected = found?.rejected ?? []
  if (found?.labelled) return tableImages(all, found, found.labelled)
  return listClassFolders(walk, { splits }, found).catch((error: unknown) => {
    if (!(error instanceof DataError) || rejected.length === 0) throw error
    // A table that is of no use may be what was meant.
    throw new DataError(joined([error.wording, ...rejected.map((table) => worded`  ${table.error.wording}`)], '\n'), {
      cause: error,
    })
  })
}

interface ListOptions {
  readonly limits?: FolderLimits
  /** `data.splits` and `data.labels` of the configuration. */
  readonly splits?: FolderSplits | false | undefined
  readonly labels?: LabelSource | false | undefined
}

function tableImages(
  { repeated, special, unfollowed }: FolderWalk,
  { others, rejected }: FoundLabels,
  { classNames, images, notes }: LabelledImages,
): ListedImages {
  return {
    classNames,
    ...images,
    others: [...others, ...special],
    unfollowed,
    repeated,
    notes: [...notes, ...notUsed(rejected)],
  }
}

async function listClassFolders(
  walk: FolderWalk,
  { splits: wanted }: Pick<ListOptions, 'splits'>,
  tables: FoundLabels | null,
): Promise<ListedImages> {
  const labelled = Object.values(tables?.bySplit ?? {}).flatMap(({ images: [first] }) =>
    first === undefined ? [] : [first.file],
  )
  const { notes, splits, top } = await findLayout(walk, { splits: wanted, labelled })
  const { files, special } = await walk.list(top)
  walk.special.push(...special.map((name) => path.join(top, name)))
  const others = files.map((name) => path.join(top, name))
  const trainFolder = splits.train
  const apart = [splits.test, splits.validation].filter((folder) => folder !== undefined)
  const classes = await walk.subfolders(trainFolder.folder, apart)
  if (classes.length === 0 && walk.unfollowed.length === 0) throw await withoutImages(walk.tree, trainFolder.folder)
  const classNames = checkClasses(trainFolder.folder, namesOf(classes), walk)
  const labels = new Map(classNames.map((name, label) => [name, label]))
  const taken = [...classes]
  const told = [...notes]
  const list = async (split: 'validation' | 'test'): Promise<ListedFiles> => {
    const folder = splits[split]
    const table = tables?.bySplit[split]
    if (folder === undefined && table !== undefined) {
      told.push(...table.notes)
      return { images: withLabels(table.images, classNames), others: [] }
    }
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
  const test = await list('test')
  const validation = await list('validation')
  const isTest = test.images.length > 0
  if (!isTest && validation.images.length > 0 && splits.validation === undefined) {
    told.push(`${top}: without labelled test images, the validation images take their place`)
  }
  return {
    classNames,
    train: train.images,
    validation: isTest ? validation.images : [],
    test: isTest ? test.images : validation.images,
    others: [...others, ...train.others, ...test.others, ...validation.others, ...walk.special].filter(
      (file) => tables?.files.includes(file) !== true,
    ),
    unfollowed: walk.unfollowed,
    repeated: walk.repeated,
    notes: [...told, ...annotationNotes(walk.tree.root, walk.annotations), ...notUsed(tables?.rejected ?? [])],
  }
}

const notUsed = (tables: FoundLabels['rejected']): readonly string[] =>
  tables.map(({ error }) => `not used: ${error.message}`)

/** Of many, such as one in each class, the first few are named. */
function annotationNotes(root: string, folders: readonly string[]): readonly string[] {
  if (folders.length === 0) return []
  const names = folders.map((folder) => path.relative(root, folder))
  return [
    `${root}: not used, since they hold annotations by their names: ${listed(names, { most: 5, longest: Infinity })}`,
  ]
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
      if (await isImageFile(walk.tree, file)) images.push({ file, label })
      else others.push(file)
    }
  }
  return { images, others }
}
