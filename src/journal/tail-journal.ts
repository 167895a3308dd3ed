import { type FileHandle, open } from 'node:fs/promises'
import type { JournalEvent } from './journal-event.js'
import { completeLines, parseLine } from './read-journal.js'

/** Events from the end of a journal, and where to look for what comes after them. */
export interface JournalTail {
  readonly events: readonly JournalEvent[]
  /** Bytes up to the end of the last complete line; null of a compressed journal, which does not grow. */
  readonly end: number | null
}

const firstWindow = 1 << 16

/**
 * The last `count` events that are `wanted`, in order; fewer if there are no more. Of a journal that is not compressed
 * only as much is read as it takes, from the end. A last line without its line feed is left out.
 *
 * @throws JournalError if a line that was looked at is damaged.
 */
export async function lastEvents(
  path: string,
  count: number,
  wanted: (event: JournalEvent) => boolean,
): Promise<JournalTail> {
  if (path.endsWith('.gz')) return { events: await lastOfAll(path, count, wanted), end: null }
  const file = await open(path)
  try {
    const { size } = await file.stat()
    for (let window = firstWindow; ; window *= 4) {
      const start = Math.max(0, size - window)
      const { lines, end } = await linesBetween(file, start, size)
      // The first one began before the window, unless that is the whole file.
      const events = parseAll(start === 0 ? lines : lines.slice(1), path).filter(wanted)
      if (start === 0 || events.length >= count) return { events: lastOf(events, count), end }
    }
  } finally {
    await file.close()
  }
}

/**
 * The events that were written since `from`, which is the end of a complete line.
 *
 * @throws JournalError if a line is damaged.
 */
export async function eventsSince(path: string, from: number): Promise<{ events: JournalEvent[]; end: number }> {
  const file = await open(path)
  try {
    const { lines, end } = await linesBetween(file, from, (await file.stat()).size)
    return { events: parseAll(lines, path), end }
  } finally {
    await file.close()
  }
}

/** The lines that end between two bytes, and where the last of them ends. */
async function linesBetween(file: FileHandle, from: number, to: number) {
  const bytes = Buffer.alloc(Math.max(0, to - from))
  const { bytesRead } = await file.read(bytes, 0, bytes.length, from)
  const length = bytes.subarray(0, bytesRead).lastIndexOf('\n') + 1
  const lines = bytes.toString('utf8', 0, length).split('\n').slice(0, -1)
  return { lines, end: from + length }
}

function parseAll(lines: readonly string[], path: string): JournalEvent[] {
  return lines.map((line) => parseLine(line, `${path}, near its end`, false))
}

async function lastOfAll(path: string, count: number, wanted: (event: JournalEvent) => boolean) {
  let events: JournalEvent[] = []
  for await (const lines of completeLines(path)) {
    events = lastOf([...events, ...parseAll(lines, path).filter(wanted)], count)
  }
  return events
}

function lastOf(events: readonly JournalEvent[], count: number): JournalEvent[] {
  return events.slice(Math.max(0, events.length - count))
}
