import { writeError } from './output.js'

/** Why standard output could not be written, and the run whose result was not printed. */
const lost: { error: NodeJS.ErrnoException | null; directory: string | null } = { error: null, directory: null }

/** Records the run directory, to be named if the result cannot be printed. */
export function noteRunDirectory(directory: string): void {
  lost.directory = directory
}

/**
 * Watches the standard streams.
 *
 * @param isRun whether the command continues if its output is no longer read, because its files matter.
 */
export function watchOutput(isRun: boolean): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // The reader of the output may end early, like `head`, and a terminal may be closed.
    const isGone = error.code === 'EPIPE' || error.code === 'EIO'
    if (isGone && !isRun) process.exit()
    if (isGone) return
    if (isRun) {
      lost.error = error
      return
    }
    writeError(`the result was not printed: standard output cannot be written (${error.message}).\n`)
    process.exit(1)
  })
  // Nothing can be printed any more.
  process.stderr.on('error', () => {})
}

/** Reports at the end of a run that its result was not printed, and sets exit code 1. */
export function reportLostOutput(): void {
  const { directory, error } = lost
  if (error === null) return
  const where = directory === null ? 'its run directory' : directory
  writeError(
    `standard output could not be written (${error.message}), so the result was not printed. The files of the run are in ${where}\n`,
  )
  process.exitCode ||= 1
}
