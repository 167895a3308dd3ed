import path from 'node:path'
import { RunWriteError } from '../platform/errors.js'
import { type SystemRefusal, systemRefusalOf } from '../platform/system-refusal.js'
import { resuming, worded } from '../platform/wording.js'

/**
 * An error that says why a file of a running run could not be written, and how to continue. Errors that do not come
 * from the file system are returned unchanged.
 */
export function writeFailure(file: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code
  if (code === undefined) return error
  const { reason, step } = explain(code)
  return new RunWriteError(
    worded`${file} cannot be written: ${reason}. Recorded results are kept. ${step}, then: ${resuming(path.dirname(file))}`,
    { cause: error },
  )
}

function explain(code: string): SystemRefusal {
  // The file itself is made by writing it.
  if (code === 'ENOENT') return { reason: 'its folder has been moved or removed', step: 'Put it back' }
  return systemRefusalOf(code)
}
