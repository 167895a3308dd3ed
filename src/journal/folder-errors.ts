import { existsSync, statSync } from 'node:fs'
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

/** The same for the folder of a run that is to go on: it cannot be another one. */
export function explainingResume<T>(directory: string, operation: () => T): T {
  try {
    return operation()
  } catch (error) {
    throw resumeInWords(directory, error)
  }
}

export function resumeInWords(directory: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code
  if (code === undefined) return error
  return new RunDirectoryError(`The run in ${directory} cannot go on: ${resumeReason(code)}`, { cause: error })
}

function resumeReason(code: string): string {
  if (code === 'EROFS') return 'its file system is read-only. Make it writable, or copy the folder to another disk.'
  if (code === 'EACCES' || code === 'EPERM') return 'this user may not write there. Change the permissions.'
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'the disk is full. Make room.'
  return `the system says ${code}. Mend that, and give the command again.`
}

function reason(directory: string, code: string): string {
  if (code === 'ENOTDIR') {
    const isFile = existsSync(directory) && statSync(directory).isFile()
    return `${isFile ? 'it' : 'a part of its path'} is a file. Name another folder.`
  }
  if (code === 'EROFS') return 'its file system is read-only. Make it writable, or name another folder.'
  if (code === 'EACCES' || code === 'EPERM') {
    return 'this user may not write there. Change its permissions, or name another folder.'
  }
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'the disk is full. Make room, or name a folder on another disk.'
  return `the system says ${code}. Name another folder.`
}
