import path from 'node:path'
import { DataError } from '../../../platform/errors.js'
import type { SplitName } from '../../dataset.js'
import type { FileSource } from '../../file-tree/file-tree.js'
import type { FolderWalk } from '../folder-walk.js'
import type { ImageIndex } from './image-index.js'
import type { LabelledFile, ReadTable } from './read-tables.js'

/** WebDataset: `0001.jpg` with its label in `0001.cls`. */
const ending = '.cls'

/** Whether there are labels in files of their own in a folder, or in those in it. */
export async function hasSidecars(walk: FolderWalk, top: string): Promise<boolean> {
  const { files, folders } = await walk.list(top)
  if (files.some(isSidecar)) return true
  for (const folder of folders) if ((await walk.list(path.join(top, folder))).files.some(isSidecar)) return true
  return false
}

export const isSidecar = (file: string): boolean => file.endsWith(ending)

/**
 * The labels in files of their own, as a table for each split that folders name.
 *
 * @throws DataError for a label that is no text.
 */
export async function readSidecars(
  source: FileSource,
  sidecars: readonly string[],
  index: ImageIndex,
): Promise<readonly ReadTable[]> {
  const images = new Map<string, string>()
  for (const file of index.files) if (!images.has(keyOf(file))) images.set(keyOf(file), file)
  const byRole = new Map<SplitName | null, LabelledFile[]>()
  for (const where of sidecars) {
    const file = images.get(keyOf(where))
    if (file === undefined) continue
    const label = Buffer.from(await source.start(where, mostBytes + 1))
      .toString('utf8')
      .trim()
    if (label === '' || label.length > mostBytes || label.includes('\n')) {
      throw new DataError(`${where}: it does not hold one label. Correct it, or remove its image.`)
    }
    const role = index.roleOf(file)
    const labelled = byRole.get(role) ?? []
    labelled.push({ file, label, split: null, where })
    byRole.set(role, labelled)
  }
  return [...byRole].map(([role, labelled]) => ({
    file: path.join(path.dirname(labelled[0]?.where ?? ''), `*${ending}`),
    role,
    images: labelled,
    notes: [],
  }))
}

/** Maximum length of a label. */
const mostBytes = 1000

/** What comes before the first dot of the name is common to the files of a sample. */
function keyOf(file: string): string {
  const name = path.basename(file)
  const dot = name.indexOf('.', 1)
  return path.join(path.dirname(file), dot < 0 ? name : name.slice(0, dot))
}
