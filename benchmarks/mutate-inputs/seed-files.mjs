import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/** Writes files below a folder, and returns it. */
export function write(folder, files) {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
    writeFileSync(path.join(folder, name), content)
  }
  return folder
}

/** Bytes that differ from one to the next. */
export const bytes = (length, at = (i) => (i * 7) % 256) => Buffer.from(Uint8Array.from({ length }, (_, i) => at(i)))
