import { existsSync, mkdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { RunDirectoryError } from '../platform/errors.js'

/** Runs a file operation and says in words what was wrong with the folder that a run was to begin in. */
export function explaining<T>(directory: string, operation: () => T): T {
  try {
    return operation()
  } catch (error) {
    throw inWords(directory, error)
  }
}

/** What the file system had against the folder, in words; any other error as it is. */
export function inWords(directory: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code
  if (code === undefined) return error
  return new RunDirectoryError(`${directory} cannot hold a run: ${reason(directory, code)}`, { cause: error })
}

function reason(directory: string, code: string): string {
  if (code === 'ENOTDIR') {
    const isFile = existsSync(directory) && statSync(directory).isFile()
    return `${isFile ? 'it' : 'a part of its path'} is a file. Name another folder.`
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return 'this user may not write there. Change its permissions, or name another folder.'
  }
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'the disk is full. Make room, or name a folder on another disk.'
  return `the system says ${code}. Name another folder.`
}

/** With its parents. Node's own `recursive` never returns where the system refuses with ENOENT, as in /proc. */
export function makeDirectory(directory: string): void {
  if (existsSync(directory)) {
    if (!statSync(directory).isDirectory()) throw Object.assign(new Error(directory), { code: 'ENOTDIR' })
    return
  }
  makeDirectory(path.dirname(directory))
  mkdirSync(directory)
}
