import path from 'node:path'
import { RunWriteError } from '../platform/errors.js'
import { resumeCommand } from '../platform/shell.js'

/**
 * In words, why a file of a run that is going on could not be written, and how to go on. Errors that are not the file
 * system's are given back as they are.
 */
export function writeFailure(file: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code
  if (code === undefined) return error
  const { reason, step } = explain(code)
  return new RunWriteError(
    `${file} cannot be written: ${reason}. What is recorded is kept. ${step}, then: ${resumeCommand(path.dirname(file))}`,
    { cause: error },
  )
}

function explain(code: string): { readonly reason: string; readonly step: string } {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return { reason: 'the disk is full', step: 'Make room' }
    case 'EROFS':
      return { reason: 'its file system is read-only', step: 'Make it writable' }
    case 'EACCES':
    case 'EPERM':
      return { reason: 'this user may not write there', step: 'Change its permissions' }
    case 'ENOENT':
      return { reason: 'its folder has been moved or removed', step: 'Put it back' }
    default:
      return { reason: `the system says ${code}`, step: 'Mend that' }
  }
}
