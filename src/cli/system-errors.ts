import { readFileSync } from 'node:fs'
import { knownRefusal } from '../platform/system-refusal.js'

/** A system error as one line of text, and the exit code. */
export interface RefusedCommand {
  readonly message: string
  readonly exitCode: 1 | 2
}

/**
 * A system error outside a run, in words; null for any other error.
 *
 * @param hasBegun whether any work may have been done before.
 */
export function systemRefusal(error: unknown, hasBegun: boolean): RefusedCommand | null {
  if (!(error instanceof Error)) return null
  // Node's loader reports files that it cannot open as missing.
  if (!hasBegun && Number(filesLimit ?? Infinity) < fewFiles) return { message: tooManyFiles(), exitCode: 2 }
  if (!('code' in error)) return null
  const { message } = error
  if ('syscall' in error && error.syscall === 'uv_cwd') {
    return {
      message: 'The working directory no longer exists. Change to another (cd) and run the command again.',
      exitCode: 2,
    }
  }
  if (error.code === 'EMFILE' || error.code === 'ENFILE') {
    return { message: tooManyFiles(), exitCode: hasBegun ? 1 : 2 }
  }
  const refusal = knownRefusal(String(error.code))
  if (refusal === null) return null
  // The system's own words tell the reason.
  return { message: `${message}. ${refusal.step}, and run the command again.`, exitCode: 1 }
}

function tooManyFiles(): string {
  const limit = filesLimit === null ? 'the limit of the system on open files' : `its limit of ${filesLimit} open files`
  return `fear-nas has reached ${limit}. Raise the limit (ulimit -n 1024) and run the command again.`
}

/** Minimum number of open files; with fewer the program cannot be loaded. */
const fewFiles = 128

/** Read at the start, because reading it opens a file, which may fail later. */
const filesLimit = openFilesLimit()

/** Null if the system does not provide it. */
function openFilesLimit(): string | null {
  try {
    return /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? null
  } catch {
    return null
  }
}
