import { lstatSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { RunDirectoryError } from '../platform/errors.js'
import { notPlain } from '../platform/plain-file.js'
import { pathWord } from '../platform/shell.js'

/** All file names that this program uses in a run directory. */
const ownNames =
  /^(?:journal\.jsonl|lock(?:\.takeover)?|config\.yaml|summary\.json|report\.html|metrics\.json|training\.json|network\.bin|(?:best|trained|checkpoint)-.+\.bin)$/

/**
 * Checks that every file of this program in a run directory is a plain file. The directory may come from another
 * person: a link may point to a file elsewhere, and reading a pipe never ends. The directory itself may be a link.
 *
 * @throws RunDirectoryError that names the first one that is not; the system's error if there is no such directory.
 */
export function checkRunFiles(directory: string): void {
  for (const name of readdirSync(directory).filter((one) => ownNames.test(one))) {
    const file = path.join(directory, name)
    const stats = lstatSync(file, { throwIfNoEntry: false })
    if (stats === undefined) continue
    if (!stats.isFile()) {
      const what = notPlain(file, stats).message
      throw new RunDirectoryError(`${what} No link is followed in a run directory: put the file itself there.`)
    }
    if (name === 'journal.jsonl' && stats.nlink > 1) throw linkedError(file, stats.nlink)
  }
}

/** With hard links, appending under one name changes all: a backup, or a copy of the run that is resumed separately. */
function linkedError(file: string, names: number): RunDirectoryError {
  const [journal, copy] = [pathWord(file), pathWord(`${file}.copy`)]
  return new RunDirectoryError(
    `${file} has ${names} names (hard links), and continuing would change all of them. ` +
      `Give this run its own: cp ${journal} ${copy} && mv ${copy} ${journal}`,
  )
}
