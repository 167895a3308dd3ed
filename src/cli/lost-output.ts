import { writeError } from './output.js'

/** Why standard output could not be written, and which run's result was lost with it. */
const lost: { error: NodeJS.ErrnoException | null; directory: string | null } = { error: null, directory: null }

/** Notes where a run is, so that its files can be named if its result cannot be printed. */
export function noteRunDirectory(directory: string): void {
  lost.directory = directory
}

/**
 * Watches the standard streams.
 *
 * @param isRun whether the command goes on when nobody reads its output any more: its files are what counts.
 */
export function watchOutput(isRun: boolean): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // Whoever reads the output may stop early, as `head` does, and a terminal may be closed.
    const isGone = error.code === 'EPIPE' || error.code === 'EIO'
    if (isGone && !isRun) process.exit()
    if (isGone) return
    if (isRun) {
      lost.error = error
      return
    }
    writeError(`standard output cannot be written (${error.message}), so the result could not be printed.\n`)
    process.exit(1)
  })
  // There is nowhere left to say it.
  process.stderr.on('error', () => {})
}

/** Says at the end of a run that its result was not printed; the exit code of the command is 1 then. */
export function reportLostOutput(): void {
  const { directory, error } = lost
  if (error === null) return
  const place = directory === null ? 'its run directory' : directory
  writeError(
    `standard output could not be written (${error.message}), so the result was not printed. The files of the run are in ${place}\n`,
  )
  process.exitCode ||= 1
}
