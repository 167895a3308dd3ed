import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { DataError } from '../../platform/errors.js'
import { listed } from '../../platform/listed.js'
import type { SplitName } from '../dataset.js'
import { readSplitName, type SplitReading } from '../folders/split-names.js'

/** The files of a data set: `mnist_train.csv` and `mnist_test.csv`. */
export interface CsvFiles {
  readonly files: Readonly<{ train: string } & Partial<Record<SplitName, string>>>
  /** Names of other tables in the folder. */
  readonly unused: readonly string[]
}

const ending = /\.(csv|tsv)(\.gz)?$/i

/** Whether a file is a table by its name. */
export function isCsvName(name: string): boolean {
  return ending.test(name)
}

interface Candidate {
  readonly name: string
  readonly reading: SplitReading | null
}

/**
 * The tables of a folder that form a data set, by their names: the only one for training, and those for validation and
 * testing that are called the same otherwise.
 *
 * @throws DataError if there are several sets.
 */
export async function csvFilesOf(folder: string): Promise<CsvFiles> {
  const names = await csvNames(folder)
  const candidates = candidatesOf(names)
  const trains = candidates.filter(({ reading }) => reading?.role === 'train')
  const plain = candidates.filter(({ reading }) => reading === null)
  const possible = trains.length > 0 ? trains : plain.length > 0 ? plain : candidates
  const [train] = possible
  if (train === undefined) throw new DataError(`${folder}: it has no tables (.csv).`)
  if (possible.length > 1) {
    throw new DataError(
      `${folder}: ${listed(possible.map(({ name }) => name))} may each hold the training images. Set data.path to one of them.`,
    )
  }
  return filesOf(folder, names, train, candidates)
}

/**
 * A table, and if it is one for training, those beside it for validation and testing: `a_test.csv` beside `a_train.csv`.
 *
 * @throws DataError if several are for testing.
 */
export async function csvFilesBeside(file: string): Promise<CsvFiles> {
  const name = path.basename(file)
  const reading = readSplitName(name.replace(ending, ''))
  if (reading?.role !== 'train') return { files: { train: file }, unused: [] }
  const names = await csvNames(path.dirname(file))
  const { files } = filesOf(path.dirname(file), names, { name, reading }, candidatesOf(names))
  return { files: { ...files, train: file }, unused: [] }
}

async function csvNames(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries.filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name)
  return names.filter(isCsvName).sort()
}

/** Without those that are packed and unpacked side by side. */
function candidatesOf(names: readonly string[]): readonly Candidate[] {
  return names
    .filter((name) => !names.includes(name.replace(/\.gz$/i, '')) || !/\.gz$/i.test(name))
    .map((name) => ({ name, reading: readSplitName(name.replace(ending, '')) }))
}

function filesOf(
  folder: string,
  names: readonly string[],
  train: Candidate,
  candidates: readonly Candidate[],
): CsvFiles {
  const about = train.reading?.about
  const files: { train: string } & Partial<Record<SplitName, string>> = { train: path.join(folder, train.name) }
  for (const role of ['validation', 'test'] as const) {
    const alike = candidates.filter(
      ({ name, reading }) =>
        name !== train.name && reading?.role === role && (about ?? reading.about) === reading.about,
    )
    if (alike.length > 1) {
      throw new DataError(
        `${folder}: ${listed(
          alike.map(({ name }) => name),
          { separator: ' and ' },
        )} may each hold the ${role} images. Remove one.`,
      )
    }
    if (alike[0] !== undefined) files[role] = path.join(folder, alike[0].name)
  }
  const used = new Set(Object.values(files).map((file) => path.basename(file)))
  return { files, unused: names.filter((name) => !used.has(name)) }
}
