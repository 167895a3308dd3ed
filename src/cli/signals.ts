import { writeError } from './output.js'
import { leaveClosedTerminals } from './terminal.js'

/** The first signal lets running trials finish, the second ends immediately; the journal is valid in both cases. */
export interface StopSignals {
  /** Aborted by the first signal. */
  readonly stop: AbortSignal
  dispose(): void
}

/** Ctrl-C, a service manager's stop, and a closed terminal. */
const stopping = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** The exit code of a program ended by Ctrl-C. */
const abortedExitCode = 130

/**
 * @param say called once when the run is stopping
 * @param lastWords the last lines if the run is ended immediately: its progress and the command to continue
 */
export function stopOnSignals(say: (text: string) => void, lastWords: () => string): StopSignals {
  const controller = new AbortController()
  const onSignal = (signal: NodeJS.Signals): void => {
    // A closed output must not end a run that is finishing its trials.
    if (signal === 'SIGHUP') leaveClosedTerminals()
    if (controller.signal.aborted) {
      writeError(`\nended at once\n${lastWords()}\n`)
      process.exit(abortedExitCode)
    }
    controller.abort()
    say('stopping: running trials finish first; press Ctrl-C again to end at once')
  }
  for (const signal of stopping) process.on(signal, onSignal)
  return {
    stop: controller.signal,
    dispose() {
      for (const signal of stopping) process.off(signal, onSignal)
    },
  }
}
