import { mkdirSync, statSync } from 'node:fs'
import path from 'node:path'

/**
 * Creates a folder, and its parents, if needed. Node's `recursive` never returns if the system refuses with ENOENT, as
 * in /proc.
 *
 * @param mode of new folders, such as 0o700; default: the system's.
 * @throws the system's error; ENOTDIR if a file has this name.
 */
export function makeDirectory(directory: string, mode?: number): void {
  const folder = path.resolve(directory)
  if (isDirectory(folder)) return
  makeDirectory(path.dirname(folder), mode)
  try {
    mkdirSync(folder, mode)
  } catch (error) {
    // Another process may have made it in between.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || !isDirectory(folder)) throw error
  }
}

/** @throws ENOTDIR if something other than a folder has this name. */
function isDirectory(folder: string): boolean {
  const stats = statSync(folder, { throwIfNoEntry: false })
  if (stats !== undefined && !stats.isDirectory()) {
    throw Object.assign(new Error(`ENOTDIR: not a directory, '${folder}'`), { code: 'ENOTDIR' })
  }
  return stats !== undefined
}
