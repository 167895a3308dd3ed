import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { DataError } from '../platform/errors.js'
import { archiveNames } from './archive-names.js'
import { type CifarPickleKeys, namesOfPickle, recordsOfPickle } from './cifar-pickles.js'
import { type CifarRecords, cifarSide, readCifarNames, readCifarRecords } from './cifar-records.js'
import { type PublishedFiles, readPublishedFiles } from './published-files.js'
import type { LoadHooks, RawImages } from './raw-images.js'

/** A published version of a CIFAR data set: which of its files have what. */
export interface CifarVersion extends PublishedFiles {
  readonly namesFile: string
  readonly trainFiles: readonly string[]
  readonly testFile: string
  /** Of the Python version; absent: the binary one. */
  readonly pickles?: CifarPickleKeys
}

/** Records of training files may be more than those of the test file. */
export interface CifarFormat extends CifarRecords {
  readonly testRecords: number
}

/**
 * Reads CIFAR-10 or CIFAR-100 in whichever of its versions is there.
 *
 * @param versions the binary one, which errors name, and the Python one
 * @throws ConfigError without a location; DataError for a missing file, a damaged archive or pickle, a wrong size or a
 * label out of range.
 */
export async function readCifar(
  versions: readonly [CifarVersion, CifarVersion],
  format: CifarFormat,
  location: string | undefined,
  hooks: LoadHooks,
): Promise<RawImages> {
  const [binary, python] = versions
  const version = location !== undefined && (await isPython(location, python)) ? python : binary
  const { getIt, namesFile, pickles, testFile, trainFiles } = version
  const files = await readPublishedFiles(version, location, hooks, (bytes, name, source) => {
    if (pickles === undefined) return bytes
    try {
      return name === namesFile ? namesOfPickle(bytes, pickles) : recordsOfPickle(bytes, pickles, format)
    } catch (cause) {
      if (!(cause instanceof DataError)) throw cause
      throw new DataError(`${name} in ${source}: ${cause.message}. ${getIt}`, { cause })
    }
  })
  return {
    classNames: readCifarNames(namesFile, files, format.classes, version),
    channels: 3,
    height: cifarSide,
    width: cifarSide,
    train: readCifarRecords(trainFiles, files, format, version),
    test: readCifarRecords([testFile], files, { ...format, recordsPerFile: format.testRecords }, version),
  }
}

/** Whether a location has the files of the Python version. */
async function isPython(location: string, { archive, folder, testFile, trainFiles }: CifarVersion): Promise<boolean> {
  const found = await stat(location).catch(() => null)
  if (found === null) return false
  if (!found.isDirectory()) return isPythonArchive(location, trainFiles)
  const names = await readdir(location).catch((): string[] => [])
  if (names.some((name) => name.endsWith('.bin'))) return false
  return [folder, archive, testFile].some((name) => names.includes(name))
}

/** By the names in it; those of the binary version end in `.bin`. */
async function isPythonArchive(file: string, trainFiles: readonly string[]): Promise<boolean> {
  try {
    for await (const name of archiveNames(file)) {
      if (name.endsWith('.bin')) return false
      if (trainFiles.includes(path.posix.basename(name))) return true
    }
  } catch {
    // Reading it says what is wrong.
  }
  return false
}
