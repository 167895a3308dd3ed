import { mkdirSync, statSync } from 'node:fs'
import path from 'node:path'

/**
 * Makes a folder, and its parents, if it is not there. Node's own `recursive` never returns where the system refuses with
 * ENOENT, as in /proc.
 *
 * @param mode of what is made, such as 0o700; else what the system gives.
 * @throws the system's error; ENOTDIR where a file has the name.
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

/** @throws ENOTDIR for what is there and is no folder. */
function isDirectory(folder: string): boolean {
  const stats = statSync(folder, { throwIfNoEntry: false })
  if (stats !== undefined && !stats.isDirectory()) {
    throw Object.assign(new Error(`ENOTDIR: not a directory, '${folder}'`), { code: 'ENOTDIR' })
  }
  return stats !== undefined
}
