import { existsSync, statSync } from 'node:fs'
import { RunDirectoryError } from '../platform/errors.js'
import { systemRefusalOf } from '../platform/system-refusal.js'

/** Messages by error code of the system. */
type Explain = (directory: string, code: string) => string

/** Runs a file operation on the folder of a new run; system errors become a RunDirectoryError. */
export function explaining<T>(directory: string, operation: () => T, explain: Explain = beginProblem): T {
  try {
    return operation()
  } catch (error) {
    throw inWords(directory, error, explain)
  }
}

/** The same for the folder of a resumed run, for which another folder is no solution. */
export function explainingResume<T>(directory: string, operation: () => T): T {
  return explaining(directory, operation, resumeProblem)
}

/** A RunDirectoryError for a system error in the folder of a new run; any other error unchanged. */
export function inWords(directory: string, error: unknown, explain: Explain = beginProblem): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException
  // The working directory no longer exists; the folder is not the problem.
  if (code === undefined || syscall === 'uv_cwd') return error
  return new RunDirectoryError(explain(directory, code), { cause: error })
}

/** The same for the folder of a resumed run. */
export function resumeInWords(directory: string, error: unknown): unknown {
  return inWords(directory, error, resumeProblem)
}

function resumeProblem(directory: string, code: string): string {
  return `The run in ${directory} cannot continue: ${resumeReason(code)}`
}

function resumeReason(code: string): string {
  const { reason, step } = systemRefusalOf(code)
  return `${reason}. ${step}, and run the command again.`
}

function beginProblem(directory: string, code: string): string {
  return `${directory} cannot hold a run: ${beginReason(directory, code)}`
}

function beginReason(directory: string, code: string): string {
  if (code === 'ENOTDIR') {
    const isFile = existsSync(directory) && statSync(directory).isFile()
    return `${isFile ? 'it' : 'a part of its path'} is a file. Name another folder.`
  }
  const { reason, step } = systemRefusalOf(code)
  return `${reason}. ${step}, or name another folder.`
}
