import { closeSync, openSync } from 'node:fs'
import { devNull } from 'node:os'
import { isatty } from 'node:tty'

/** The standard streams that have been terminals since the program began. */
const terminals = new Set([0, 1, 2].filter((descriptor) => isatty(descriptor)))

/**
 * Replaces every standard stream whose terminal has been closed by the null device. Node restores terminal settings at
 * exit, and aborts if a terminal is gone.
 */
export function leaveClosedTerminals(): void {
  for (const descriptor of terminals) {
    if (isatty(descriptor)) continue
    terminals.delete(descriptor)
    try {
      closeSync(descriptor)
      // The system assigns the lowest free descriptor, which is this one. Opened for reading and writing, like a
      // terminal.
      openSync(devNull, 'r+')
    } catch {
      // There is no null device on this system.
    }
  }
}
