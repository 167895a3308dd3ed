import path from 'node:path'
import { counted } from '../../../platform/count.js'
import { DataError } from '../../../platform/errors.js'
import { listed } from '../../../platform/listed.js'
import { messageOf } from '../../../platform/message-of.js'
import { worded } from '../../../platform/wording.js'
import type { LabelSource, SplitName } from '../../dataset.js'
import { mostLabelTableBytes } from '../../limits.js'
import { settingWords } from '../../setting-words.js'
import type { FolderWalk } from '../folder-walk.js'
import { readSplitName, type SplitRole } from '../split-names.js'
import type { ImageIndex } from './image-index.js'
import { findColumns, type LabelColumns } from './label-columns.js'
import { isTableName, type LabelTable, readLabelTable } from './label-table.js'

/** The label of an image, as a table has it. */
export interface LabelledFile {
  readonly file: string
  readonly label: string
  readonly split: SplitRole | null
  /** `FILE:LINE`. */
  readonly where: string
}

/** What a row says of an image cannot be used. */
class LabelError extends DataError {}

/** A table that labels images. */
export interface ReadTable {
  readonly file: string
  /** The split that its name, or that of its folder, names. */
  readonly role: SplitName | null
  readonly images: readonly LabelledFile[]
  readonly notes: readonly string[]
}

export interface ReadTables {
  readonly tables: readonly ReadTable[]
  /** Others, and why they are of no use. */
  readonly rejected: readonly RejectedTable[]
}

export interface RejectedTable {
  readonly file: string
  readonly error: DataError
}

/**
 * Reads the tables in a folder and in those in it, or the one that the user names.
 *
 * @throws DataError if the user asks for a table, and none is of use.
 */
export async function readTables(
  walk: FolderWalk,
  top: string,
  index: ImageIndex,
  wanted: LabelSource | undefined,
): Promise<ReadTables> {
  const tables: ReadTable[] = []
  const rejected: RejectedTable[] = []
  const files = wanted?.file === undefined ? await findTables(walk, top) : [path.join(walk.tree.root, wanted.file)]
  for (const file of files) {
    try {
      tables.push(await readTable(walk, file, index, wanted ?? {}))
    } catch (error) {
      if (!(error instanceof DataError)) throw error
      // It has the labels of these images, so its folders are hardly what is meant.
      if (error instanceof LabelError && wanted === undefined) {
        throw new DataError(
          worded`${error.wording} Or set ${settingWords.labels} to false, if each folder is a class.`,
          { cause: error },
        )
      }
      rejected.push({ file, error })
    }
  }
  if (wanted !== undefined && tables.length === 0) {
    throw (
      rejected[0]?.error ??
      new DataError(worded`${top}: it has no table of labels. Set ${settingWords.labels} to the name of one.`)
    )
  }
  return { tables, rejected }
}

/** The files in a folder, and in those in it, that may be tables of labels by their names. */
export async function findTables(walk: FolderWalk, top: string): Promise<readonly string[]> {
  const { files, folders } = await walk.list(top)
  const found = files.filter(isTableName).map((name) => path.join(top, name))
  for (const folder of folders) {
    const inner = await walk.list(path.join(top, folder))
    found.push(...inner.files.filter(isTableName).map((name) => path.join(top, folder, name)))
  }
  return found.filter((file) => readSplitName(path.parse(file).name)?.role !== 'unlabelled')
}

async function readTable(walk: FolderWalk, file: string, index: ImageIndex, wanted: LabelSource): Promise<ReadTable> {
  const folder = path.dirname(file)
  const role = roleOf(file, walk.tree.root)
  const table = await parsed(walk, file, (cells) => !cells.some((cell) => index.find(cell, folder, role).length > 0))
  const columns = findColumns(table, wanted, (cell) => index.find(cell, folder, role)[0], index.folderNames)
  const labels = new Map<string, LabelledFile>()
  const missing: string[] = []
  for (const row of table.rows) {
    const where = `${file}:${row.line}`
    const name = columns.imageOf(row)
    const [image, ...others] = index.find(name, folder, role)
    if (image === undefined) {
      missing.push(name)
      continue
    }
    if (others.length > 0) {
      throw new LabelError(`${where}: ${name} may be ${image} or ${others[0]}. Give the folder too.`)
    }
    const label = columns.labelOf(row)
    if (label === '') throw new LabelError(`${where}: ${name} has no label. Fill it, or remove the row.`)
    const before = labels.get(image)
    if (before !== undefined && before.label !== label) {
      throw new LabelError(
        `${where}: ${name} is labelled ${label} here and ${before.label} in line ${before.where.split(':').at(-1)}. ` +
          'Remove one of the rows.',
      )
    }
    labels.set(image, { file: image, label, split: columns.splitOf(row), where })
  }
  if (labels.size === 0) throw new DataError(`${file}: none of its images is here. Check the names in it.`)
  return { file, role, images: [...labels.values()], notes: notesOf(file, columns, missing) }
}

function notesOf(
  file: string,
  { image, label, rivals, split }: LabelColumns,
  missing: readonly string[],
): readonly string[] {
  const beside = rivals.length === 0 ? '' : ` (not ${listed(rivals, few)})`
  const from = [`labels from column ${label}${beside}`, `images from column ${image}`]
  if (split !== null) from.push(`splits from column ${split}`)
  const absent = `${file}: ${counted(missing.length, 'row')} of images that are not here: ${listed(missing, few)}`
  return [`${file}: ${from.join(', ')}`, ...(missing.length > 0 ? [absent] : [])]
}

const few = { most: 5, longest: Infinity }

async function parsed(
  { tree }: FolderWalk,
  file: string,
  isHeader: (cells: readonly string[]) => boolean,
): Promise<LabelTable> {
  const { bytes } = await tree.facts(file)
  if (bytes > mostLabelTableBytes) {
    throw new DataError(`${file}: it has ${bytes} bytes, and a table of labels at most ${mostLabelTableBytes}.`)
  }
  const content = await tree.read(file).catch((cause: unknown) => {
    throw new DataError(`${file}: it cannot be read (${messageOf(cause)}). Check the name and its permissions.`, {
      cause,
    })
  })
  return readLabelTable(file, content, isHeader)
}

/** `train.csv`, `trainLabels.csv`, `train/labels.csv`. */
function roleOf(file: string, root: string): SplitName | null {
  const own = readSplitName(path.parse(file).name)
  const outer = path.dirname(file)
  const found = own ?? (path.relative(root, outer) === '' ? null : readSplitName(path.basename(outer)))
  return found === null || found.role === 'unlabelled' ? null : found.role
}
