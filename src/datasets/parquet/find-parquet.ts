import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { DataError } from '../../platform/errors.js'
import { listed } from '../../platform/listed.js'
import type { SplitName } from '../dataset.js'
import { isLitter } from '../file-tree/file-tree.js'
import { readSplitName, type SplitRole } from '../folders/split-names.js'

/** The files of each split, and those of none. */
export interface FoundParquet {
  readonly splits: Readonly<Record<SplitName, readonly string[]>>
  readonly unused: readonly string[]
}

const ending = /\.parquet$/i
/** Maximum number of folders around files, as in `default/train/0000.parquet`. */
const mostDepth = 4

/** Whether Parquet files lie in a folder, or not far below. Of many folders, such as those of classes, only some are seen. */
export async function holdsParquet(folder: string, depth = 2): Promise<boolean> {
  const entries = (await readdir(folder, { withFileTypes: true }).catch(() => [])).filter(({ name }) => !isLitter(name))
  if (entries.some((entry) => entry.isFile() && ending.test(entry.name))) return true
  if (depth === 0) return false
  for (const entry of entries.filter((candidate) => candidate.isDirectory()).slice(0, mostSeen)) {
    if (await holdsParquet(path.join(folder, entry.name), depth - 1)) return true
  }
  return false
}

const mostSeen = 8

/**
 * Finds Parquet files: one, or those in a folder, dealt into splits by their names or those of their folders, such as
 * `train-00000-of-00001.parquet` or `train/0000.parquet`. Without test files, the validation files take their place.
 *
 * @throws DataError for a folder without any, or with several data sets.
 */
export async function findParquet(location: string): Promise<FoundParquet> {
  const found = await stat(location).catch(() => null)
  if (found === null) throw new DataError(`${location}: it does not exist. Check the path.`)
  if (!found.isDirectory()) return { splits: { train: [location], validation: [], test: [] }, unused: [] }
  const files = await filesIn(location, mostDepth)
  const roles = rolesOf(location, files)
  const splits: Record<SplitName, string[]> = { train: [], validation: [], test: [] }
  const unused: string[] = []
  for (const file of files) {
    const role = roles.get(file)
    if (role === undefined || role === 'unlabelled') unused.push(file)
    else splits[role].push(file)
  }
  if (files.length === 0) throw new DataError(`${location}: it holds no .parquet files. Check the path.`)
  if (splits.train.length === 0) {
    throw new DataError(
      `${location}: none of its files is for training (${listed(files, few)}). Add one, such as train.parquet.`,
    )
  }
  const folders = new Set(splits.train.map((file) => path.dirname(file)))
  if (folders.size > 1) {
    throw new DataError(
      `${location}: it holds training images of several data sets (${listed([...folders], few)}). Set data.path to one of them.`,
    )
  }
  if (splits.test.length > 0) return { splits, unused }
  return { splits: { train: splits.train, validation: [], test: splits.validation }, unused }
}

const few = { most: 5, longest: Infinity }

async function filesIn(folder: string, depth: number): Promise<readonly string[]> {
  const entries = (await readdir(folder, { withFileTypes: true })).filter(({ name }) => !isLitter(name))
  const files: string[] = []
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const inner = path.join(folder, entry.name)
    if (entry.isDirectory() && depth > 0) files.push(...(await filesIn(inner, depth - 1)))
    else if (!entry.isDirectory() && ending.test(entry.name)) files.push(inner)
  }
  return files
}

/**
 * The splits of files by their names, or those of the folders nearest to them. Where some name a split, others are of no
 * use: `unsupervised`, and `train_aug` beside `train`. Where none does, all are for training.
 */
function rolesOf(location: string, files: readonly string[]): ReadonlyMap<string, SplitRole> {
  const read = files.flatMap((file) => {
    const folders = path.relative(location, path.dirname(file)).split(path.sep).toReversed()
    const name = path.parse(file).name.replace(/-\d+-of-\d+(-[0-9a-f]+)?$/, '')
    const reading = [name, ...folders].map(readSplitName).find((found) => found !== null)
    return reading === undefined ? [] : [{ file, ...reading }]
  })
  if (read.length === 0) return new Map(files.map((file) => [file, 'train']))
  const plain = new Set(read.filter(({ about }) => about === '').map(({ role }) => role))
  return new Map(
    read.filter(({ about, role }) => about === '' || !plain.has(role)).map(({ file, role }) => [file, role]),
  )
}
