import { accessSync, constants, lstatSync, mkdirSync, type Stats, statSync } from 'node:fs'
import { makeDirectory } from './make-directory.js'

/** Who, besides this user and root, may write into a trusted folder. */
export type Writers = 'nobody' | 'its group'

/**
 * Creates a folder, and its parents, for files that are trusted when read again. A new one is private to this user.
 *
 * @param writers who else may write into an existing one.
 * @throws Error saying why it cannot be trusted; the system's error if it cannot be created or written.
 */
export function makeTrusted(folder: string, writers: Writers): void {
  makeDirectory(folder, 0o700)
  check(folder, statSync(folder), writers)
}

/**
 * The same for a folder in a place where every user can create one, such as /tmp: its parent must exist, and a link is
 * not accepted.
 */
export function makeTrustedAmongOthers(folder: string): void {
  try {
    mkdirSync(folder, 0o700)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const stats = lstatSync(folder)
  if (!stats.isDirectory()) throw new Error('it is no folder')
  check(folder, stats, 'nobody')
}

function check(folder: string, { mode, uid }: Stats, writers: Writers): void {
  const user = process.getuid?.()
  // Windows has neither; a user's folders are private there.
  if (user !== undefined) {
    if (uid !== user && uid !== 0) throw new Error(`it belongs to another user (uid ${uid})`)
    if ((mode & 0o002) !== 0) throw new Error('every user may write into it')
    if ((mode & 0o020) !== 0 && writers === 'nobody') throw new Error('other users of its group may write into it')
  }
  accessSync(folder, constants.W_OK | constants.X_OK)
}
