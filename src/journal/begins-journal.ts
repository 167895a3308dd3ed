import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { mostLineBytes } from './lines.js'

/**
 * Whether the file has a complete line, of any content, or is too long to be an incomplete first line. True for
 * compressed files and for anything but a plain file.
 */
export function beginsJournal(path: string): boolean {
  if (path.endsWith('.gz') || !statSync(path).isFile()) return true
  const file = openSync(path, 'r')
  try {
    if (fstatSync(file).size > mostLineBytes) return true
    const chunk = Buffer.alloc(1 << 16)
    for (let length = readSync(file, chunk); length > 0; length = readSync(file, chunk)) {
      if (chunk.subarray(0, length).includes(0x0a)) return true
    }
    return false
  } finally {
    closeSync(file)
  }
}
