import { closeSync, fstatSync, readSync } from 'node:fs'
import { openPlainFile } from '../platform/plain-file.js'
import type { JournalEvent, RunStarted } from './journal-event.js'
import { parseLine } from './read-journal.js'

const windowBytes = 1 << 16

/** The first and the last event of a journal. */
export interface JournalEnds {
  readonly started: RunStarted
  readonly last: JournalEvent
}

/**
 * The first and the last event of an uncompressed journal; null if either is not complete within the first or last 64
 * KiB. Nothing between them is read.
 *
 * @throws JournalError if either is damaged; FileKindError if it is not a plain file.
 */
export function readJournalEnds(path: string): JournalEnds | null {
  const descriptor = openPlainFile(path)
  try {
    const { size } = fstatSync(descriptor)
    const head = bytesAt(descriptor, 0, Math.min(size, windowBytes))
    const tailStart = Math.max(0, size - windowBytes)
    const tail = tailStart === 0 ? head : bytesAt(descriptor, tailStart, size - tailStart)
    const firstEnd = head.indexOf('\n')
    const lastStart = tail.lastIndexOf('\n', tail.length - 2)
    if (firstEnd < 0 || lastStart < 0 || tail.at(-1) !== 0x0a) return null
    const started = parseLine(head.toString('utf8', 0, firstEnd), `${path}:1`, true) as RunStarted
    const last = parseLine(tail.toString('utf8', lastStart + 1, tail.length - 1), `${path}, last line`, false)
    return { started, last }
  } finally {
    closeSync(descriptor)
  }
}

function bytesAt(descriptor: number, start: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length)
  return bytes.subarray(0, readSync(descriptor, bytes, 0, length, start))
}
