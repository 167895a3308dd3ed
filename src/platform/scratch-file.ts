import { openSync, unlinkSync } from 'node:fs'
import path from 'node:path'

let made = 0

/**
 * Opens a new file for writing and reading that goes when it is closed, or when this process ends: it has no name any more.
 *
 * @returns its descriptor
 * @throws the system's error, for a folder that cannot be written.
 */
export function openScratchFile(folder: string): number {
  const file = path.join(folder, `scratch-${process.pid}-${made++}`)
  const descriptor = openSync(file, 'w+', 0o600)
  unlinkSync(file)
  return descriptor
}
