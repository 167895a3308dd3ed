import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { mostLineBytes } from './lines.js'

/**
 * Whether the file holds a complete line, whatever it says, or too much to be the beginning of one. Of a compressed one
 * and of what is no plain file that is taken for granted.
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
