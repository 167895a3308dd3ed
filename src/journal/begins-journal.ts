import { closeSync, openSync, readSync, statSync } from 'node:fs'

/** Whether the file holds a complete line, whatever it says; of a compressed one and of a device that is taken for granted. */
export function beginsJournal(path: string): boolean {
  if (path.endsWith('.gz') || !statSync(path).isFile()) return true
  const file = openSync(path, 'r')
  try {
    const chunk = Buffer.alloc(1 << 16)
    for (let length = readSync(file, chunk); length > 0; length = readSync(file, chunk)) {
      if (chunk.subarray(0, length).includes(0x0a)) return true
    }
    return false
  } finally {
    closeSync(file)
  }
}
