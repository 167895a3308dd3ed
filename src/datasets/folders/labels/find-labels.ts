import path from 'node:path'
import { DataError } from '../../../platform/errors.js'
import type { LabelSource, SplitName } from '../../dataset.js'
import type { FolderWalk } from '../folder-walk.js'
import { isImageFile } from '../is-image-file.js'
import { ImageIndex } from './image-index.js'
import { foldersAreClasses, type LabelledImages, listLabelled } from './list-labelled.js'
import { findTables, type ReadTable, type RejectedTable, readTables } from './read-tables.js'
import { hasSidecars, isSidecar, readSidecars } from './sidecars.js'

/** What tables say of the images in a folder. */
export interface FoundLabels {
  /** The images of all splits; null if folders are the classes of the training images. */
  readonly labelled: LabelledImages | null
  /** Tables of a split other than training, which may have no folders of classes. */
  readonly bySplit: Readonly<Partial<Record<SplitName, ReadTable>>>
  /** Other tables, and why they are of no use. */
  readonly rejected: readonly RejectedTable[]
  /** The files that are used. */
  readonly files: readonly string[]
  /** Files that are neither images nor tables in use. */
  readonly others: readonly string[]
}

/**
 * Finds tables of labels beside images. Without a table of training images, or if it says what folders say, folders are
 * classes.
 *
 * @param walk another one than that of the class folders, since it counts all files
 * @throws DataError as `listLabelled`, and for tables that contradict folders.
 */
export async function findLabels(
  walk: FolderWalk,
  top: string,
  wanted: LabelSource | undefined,
): Promise<FoundLabels | null> {
  if (wanted === undefined && (await findTables(walk, top)).length === 0 && !(await hasSidecars(walk, top))) {
    return null
  }
  const images: string[] = []
  const others: string[] = []
  for (const file of await walk.filesWithin(await walk.at(top))) {
    if (await isImageFile(walk.tree, file)) images.push(file)
    else others.push(file)
  }
  const index = new ImageIndex(top, images)
  const inTables = await readTables(walk, top, index, wanted)
  const beside = inTables.tables.filter(
    ({ role }) => role === null && inTables.tables.some((table) => table.role === 'train'),
  )
  const rejected = [
    ...inTables.rejected,
    ...beside.map(({ file }) => ({ file, error: new DataError(`${file}: there is a table of the training images.`) })),
  ]
  const sidecars = inTables.tables.length === 0 ? others.filter(isSidecar) : []
  const tables =
    sidecars.length > 0
      ? await readSidecars(walk.tree, sidecars, index)
      : inTables.tables.filter((table) => !beside.includes(table))
  const train = tables.filter(({ role }) => role === null || role === 'train')
  const isTable = train.length > 0 && (wanted !== undefined || !foldersAreClasses(train, index))
  const files = tables.map(({ file }) => file)
  const named = new Set([...[...tables, ...rejected].map(({ file }) => path.normalize(file)), ...sidecars])
  return {
    labelled: isTable ? listLabelled(tables, index, walk.tree.root) : null,
    bySplit: Object.fromEntries(tables.flatMap((table) => (table.role === null ? [] : [[table.role, table]]))),
    rejected,
    files,
    others: others.filter((file) => !named.has(file)),
  }
}
