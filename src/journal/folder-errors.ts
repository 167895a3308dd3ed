import { existsSync, statSync } from 'node:fs'
import { RunDirectoryError } from '../platform/errors.js'
import { refusalOf } from '../platform/system-refusal.js'

/** What to say of the folder, by the system's code. */
type Explain = (directory: string, code: string) => string

/** Runs a file operation on the folder of a new run; the system's errors become a RunDirectoryError. */
export function explaining<T>(directory: string, operation: () => T, explain: Explain = beginProblem): T {
  try {
    return operation()
  } catch (error) {
    throw inWords(directory, error, explain)
  }
}

/** The same for the folder of a run that goes on: naming another folder is no way out. */
export function explainingResume<T>(directory: string, operation: () => T): T {
  return explaining(directory, operation, resumeProblem)
}

/** A RunDirectoryError that says what the system refused in the folder of a new run; any other error as it is. */
export function inWords(directory: string, error: unknown, explain: Explain = beginProblem): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException
  // The working directory is gone: the folder is not at fault.
  if (code === undefined || syscall === 'uv_cwd') return error
  return new RunDirectoryError(explain(directory, code), { cause: error })
}

/** The same for the folder of a run that goes on. */
export function resumeInWords(directory: string, error: unknown): unknown {
  return inWords(directory, error, resumeProblem)
}

function resumeProblem(directory: string, code: string): string {
  return `The run in ${directory} cannot go on: ${resumeReason(code)}`
}

function resumeReason(code: string): string {
  const { reason, step } = refusalOf(code)
  return `${reason}. ${step}, and give the command again.`
}

function beginProblem(directory: string, code: string): string {
  return `${directory} cannot hold a run: ${beginReason(directory, code)}`
}

function beginReason(directory: string, code: string): string {
  if (code === 'ENOTDIR') {
    const isFile = existsSync(directory) && statSync(directory).isFile()
    return `${isFile ? 'it' : 'a part of its path'} is a file. Name another folder.`
  }
  const { reason, step } = refusalOf(code)
  return `${reason}. ${step}, or name another folder.`
}
