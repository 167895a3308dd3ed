import { closeSync, openSync } from 'node:fs'
import { devNull } from 'node:os'
import { isatty } from 'node:tty'

/** The standard streams that have been terminals since the program began. */
const terminals = new Set([0, 1, 2].filter((descriptor) => isatty(descriptor)))

/**
 * Puts the null device in the place of every standard stream whose terminal has been closed since the program began. Node
 * restores the settings of its terminals as it exits, and aborts where one has gone.
 */
export function leaveClosedTerminals(): void {
  for (const descriptor of terminals) {
    if (isatty(descriptor)) continue
    terminals.delete(descriptor)
    try {
      closeSync(descriptor)
      // The system gives the lowest number that is free: this one. Both ways, as a terminal is.
      openSync(devNull, 'r+')
    } catch {
      // There is no null device here: nothing else would serve.
    }
  }
}
