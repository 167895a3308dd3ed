import { existsSync } from 'node:fs'
import path from 'node:path'
import { RunDirectoryError } from '../platform/errors.js'
import { writeFileAtomic } from '../platform/files.js'
import { makeDirectory } from '../platform/make-directory.js'
import { placing, worded } from '../platform/wording.js'
import { explaining } from './folder-errors.js'
import { checkRunDirectory, type RunDirectory } from './run-directory.js'

/**
 * Checks, without writing anything, that `createResultDirectory` should succeed.
 *
 * @throws RunDirectoryError as it would.
 */
export function checkResultDirectory(directory: string): void {
  checkRunDirectory(directory)
  if (!existsSync(path.join(directory, 'summary.json'))) return
  throw new RunDirectoryError(worded`${directory} already holds results. Name another folder with ${placing()}.`)
}

/**
 * Creates a folder, and its parents, for the results of a command too short to be resumed, without journal and lock. An
 * existing folder without results can be used.
 *
 * @returns a function that writes a file of the folder atomically.
 * @throws RunDirectoryError if it holds a run or results, is a file or cannot be written to.
 */
export function createResultDirectory(directory: string): RunDirectory['write'] {
  checkResultDirectory(directory)
  explaining(directory, () => makeDirectory(directory))
  return (name, contents) => explaining(directory, () => writeFileAtomic(path.join(directory, name), contents))
}
