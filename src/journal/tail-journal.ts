import { closeSync, fstatSync, readSync } from 'node:fs'
import { openPlainFile } from '../platform/plain-file.js'
import type { JournalEvent } from './journal-event.js'
import { completeLines, lineAt, lineBlocks, lineTooLong, mostLineBytes } from './lines.js'
import { JournalError, parseLine } from './read-journal.js'

/** Events from the end of a journal, and the offset at which to continue. */
export interface JournalTail {
  readonly events: readonly JournalEvent[]
  /** Bytes up to the end of the last complete line; null for a compressed journal, which does not grow. */
  readonly end: number | null
}

const firstWindow = 1 << 16
const lineFeed = 10

/**
 * The last `count` events that are `wanted`, in order, or fewer. An uncompressed journal is read from the end, only as
 * far as needed. An incomplete last line is ignored.
 *
 * @throws JournalError with `FILE:LINE` if a line it read is damaged or too long.
 */
export async function lastEvents(
  path: string,
  count: number,
  wanted: (event: JournalEvent) => boolean,
): Promise<JournalTail> {
  if (path.endsWith('.gz')) return { events: await lastOfAll(path, count, wanted), end: null }
  const descriptor = openPlainFile(path)
  try {
    return lastOfFile(path, descriptor, count, wanted)
  } finally {
    closeSync(descriptor)
  }
}

function lastOfFile(
  path: string,
  descriptor: number,
  count: number,
  wanted: (event: JournalEvent) => boolean,
): JournalTail {
  const found: JournalEvent[] = []
  /** End of the last complete line; -1 until it is found. */
  let end = -1
  let window = firstWindow
  /** The part read so far of a line whose start has not been read. It begins at byte `at`. */
  let held = Buffer.alloc(0)
  for (let at = fstatSync(descriptor).size; at > 0 && found.length < count; ) {
    const start = Math.max(0, at - window)
    const read = Buffer.alloc(at - start)
    readSync(descriptor, read, 0, read.length, start)
    const bytes = Buffer.concat([read, held])
    at = start
    // After the last line feed the file ends in an incomplete line.
    let stop = end >= 0 ? bytes.length : bytes.lastIndexOf(lineFeed) + 1
    if (end < 0 && stop > 0) end = start + stop
    while (stop > 0 && found.length < count) {
      const before = bytes.lastIndexOf(lineFeed, stop - 2)
      const isWhole = (before >= 0 && stop > 1) || start === 0
      if (!isWhole) break
      const from = stop > 1 ? before + 1 : 0
      const event = parseAt(path, bytes.toString('utf8', from, stop - 1), start + from)
      if (wanted(event)) found.push(event)
      stop = from
    }
    held = Buffer.from(end >= 0 ? bytes.subarray(0, stop) : bytes)
    if (held.length > mostLineBytes && found.length < count) throw lineTooLong(lineAt(path, start))
    // Otherwise a long line would be copied for each of its parts.
    window = Math.max(firstWindow, held.length)
  }
  return { events: found.toReversed(), end: Math.max(0, end) }
}

/**
 * The events written since `from`, the end of a complete line.
 *
 * @throws JournalError with `FILE:LINE` if a line is damaged or too long.
 */
export async function eventsSince(path: string, from: number): Promise<{ events: JournalEvent[]; end: number }> {
  const events: JournalEvent[] = []
  let end = from
  for await (const block of lineBlocks(path, from)) {
    let byte = end
    for (const line of block.lines) {
      events.push(parseAt(path, line, byte))
      byte += Buffer.byteLength(line) + 1
    }
    end = block.end
  }
  return { events, end }
}

/** A line by its byte offset. Its number is computed only if needed. */
function parseAt(path: string, line: string, byte: number): JournalEvent {
  try {
    return parseLine(line, path, byte === 0)
  } catch (error) {
    if (!(error instanceof JournalError)) throw error
    return parseLine(line, lineAt(path, byte), byte === 0)
  }
}

async function lastOfAll(path: string, count: number, wanted: (event: JournalEvent) => boolean) {
  let events: JournalEvent[] = []
  let number = 0
  for await (const lines of completeLines(path)) {
    const parsed = lines.map((line, i) => parseLine(line, `${path}:${number + i + 1}`, number + i === 0))
    number += lines.length
    events = lastOf([...events, ...parsed.filter(wanted)], count)
  }
  return events
}

function lastOf(events: readonly JournalEvent[], count: number): JournalEvent[] {
  return events.slice(Math.max(0, events.length - count))
}
