import { createReadStream } from 'node:fs'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { outcomeKinds } from '../evaluators/outcome.js'
import { FearNasError } from '../platform/errors.js'
import { type JournalEvent, journalSchema, type RunStarted } from './journal-event.js'

/** A journal is damaged in the middle, or of a version that this program does not know. */
export class JournalError extends FearNasError {}

export interface JournalContents {
  readonly events: readonly JournalEvent[]
  /** Bytes up to the end of the last complete line, of a compressed journal when it is unpacked. */
  readonly completeBytes: number
}

/**
 * Reads a journal, also a compressed one (`.gz`). A last line without its line feed was cut off by a crash and is left
 * out; whatever it recorded is simply done again.
 *
 * @throws JournalError with `FILE:LINE` if any other line is damaged.
 */
export async function readJournal(path: string): Promise<JournalContents> {
  const events: JournalEvent[] = []
  let completeBytes = 0
  for await (const lines of completeLines(path)) {
    for (const line of lines) {
      events.push(parseLine(line, `${path}:${events.length + 1}`, events.length === 0))
      completeBytes += Buffer.byteLength(line) + 1
    }
  }
  return { events, completeBytes }
}

/**
 * The first event of a journal; null for one without a complete line. The rest is not looked at.
 *
 * @throws JournalError if it is not what begins a journal.
 */
export async function readRunStarted(path: string): Promise<RunStarted | null> {
  for await (const [line] of completeLines(path)) {
    // A chunk may be a part of a line.
    if (line !== undefined) return parseLine(line, `${path}:1`, true) as RunStarted
  }
  return null
}

/**
 * The lines that end in a line feed, without it, many at a time. Read in chunks: a journal of a million trials exceeds a
 * string.
 *
 * @param start byte to begin at, of a journal that is not compressed.
 * @throws JournalError if a compressed file is damaged or cut short.
 */
export async function* completeLines(path: string, start = 0): AsyncGenerator<readonly string[]> {
  let rest = ''
  try {
    for await (const chunk of openText(path, start)) {
      const lines = (rest + String(chunk)).split('\n')
      rest = lines.pop() ?? ''
      yield lines
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (!code?.startsWith('Z_')) throw error
    throw new JournalError(`${path}  is no whole gzip file (${message}). Restore it.`, { cause: error })
  }
}

function openText(path: string, start: number): Readable {
  const file = createReadStream(path, { highWaterMark: 1 << 20, start })
  // `pipeline` passes a file's error on to the reader.
  const stream = path.endsWith('.gz') ? pipeline(file, createGunzip(), () => {}) : file
  return stream.setEncoding('utf8')
}

/**
 * A line of a journal, checked.
 *
 * @param where `FILE:LINE`, for the message.
 * @throws JournalError if it is damaged.
 */
export function parseLine(text: string, where: string, isFirst: boolean): JournalEvent {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new JournalError(
      `${where}  is not a complete JSON line. The journal was damaged; restore it, or cut it before this line.`,
    )
  }
  if (isFirst) checkSchema(value, where)
  if (!isJournalEvent(value)) {
    throw new JournalError(
      `${where}  is no event of a journal: ${text.slice(0, 80)}. Cut the journal before this line.`,
    )
  }
  return value
}

function checkSchema(value: unknown, where: string): void {
  if (!isRecord(value) || value.event !== 'run.started') {
    throw new JournalError(`${where}  must be a run.started event. Is this a journal?`)
  }
  if (value.schema !== journalSchema) {
    throw new JournalError(
      `${where}  was written in version ${String(value.schema)} of the journal's format; this program reads version ` +
        `${journalSchema}. Use the version of fear-nas that wrote it.`,
    )
  }
}

function isJournalEvent(value: unknown): value is JournalEvent {
  if (!isRecord(value)) return false
  switch (value.event) {
    case 'run.started':
    case 'run.resumed':
    case 'run.finished':
      return true
    case 'arm.finished':
      return typeof value.arm === 'string'
    case 'calibration.finished':
      return typeof value.arm === 'string' && typeof value.threshold === 'number' && Array.isArray(value.networks)
    case 'trial.started':
      return isTrialEntry(value)
    case 'test.finished':
      return isTrialEntry(value) && typeof value.testAccuracy === 'number'
    case 'trial.finished':
    case 'finalist.finished':
      return isTrialEntry(value) && typeof value.wallSeconds === 'number' && isOutcome(value.outcome)
    default:
      return false
  }
}

function isTrialEntry(value: Record<string, unknown>): boolean {
  return typeof value.arm === 'string' && Number.isInteger(value.trial) && typeof value.architecture === 'string'
}

function isOutcome(value: unknown): boolean {
  return isRecord(value) && outcomeKinds.some((kind) => kind === value.kind) && isRecord(value.cost)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
