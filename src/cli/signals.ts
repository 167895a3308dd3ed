import { writeError } from './output.js'
import { leaveClosedTerminals } from './terminal.js'

/** The first signal lets running trials finish, the second ends at once; the journal is valid either way. */
export interface StopSignals {
  /** Aborted by the first. */
  readonly stop: AbortSignal
  dispose(): void
}

/** Ctrl-C, a service manager's stop, and the end of the terminal. */
const stopping = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** What a shell says of a program that Ctrl-C has ended. */
const abortedExitCode = 130

/**
 * @param say told once that the run is stopping
 * @param lastWords for those who do not wait: how far the run is and how to go on with it
 */
export function stopOnSignals(say: (text: string) => void, lastWords: () => string): StopSignals {
  const controller = new AbortController()
  const onSignal = (signal: NodeJS.Signals): void => {
    // Nobody reads any more, which must not end a run that still finishes its trials.
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
