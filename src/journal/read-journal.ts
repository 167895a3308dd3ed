import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { outcomeKinds } from '../evaluators/outcome.js'
import { FearNasError } from '../platform/errors.js'
import { type JournalEvent, journalSchema } from './journal-event.js'

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
  try {
    for await (const line of completeLines(path)) {
      events.push(parseLine(line, `${path}:${events.length + 1}`, events.length === 0))
      completeBytes += Buffer.byteLength(line) + 1
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (!code?.startsWith('Z_')) throw error
    throw new JournalError(`${path}  is no whole gzip file (${message}). Restore it.`, { cause: error })
  }
  return { events, completeBytes }
}

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

/** The lines that end in a line feed, without it. Read in chunks: a journal of a million trials exceeds a string. */
async function* completeLines(path: string): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of openText(path)) {
    const text = rest + String(chunk)
    let start = 0
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      yield text.slice(start, end)
      start = end + 1
    }
    rest = text.slice(start)
  }
}

function openText(path: string): Readable {
  const file = createReadStream(path, { highWaterMark: 1 << 20 })
  // `pipeline` passes a file's error on to the reader.
  const stream = path.endsWith('.gz') ? pipeline(file, createGunzip(), () => {}) : file
  return stream.setEncoding('utf8')
}

function parseLine(text: string, where: string, isFirst: boolean): JournalEvent {
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
      `${where}  is no event of a journal that this version knows: ${text.slice(0, 80)}. If a newer fear-nas wrote it, ` +
        'update; else keep a copy and cut the journal before this line.',
    )
  }
  return value
}

function checkSchema(value: unknown, where: string): void {
  if (!isRecord(value) || value.event !== 'run.started') {
    throw new JournalError(`${where}  must be a run.started event. Is this a journal?`)
  }
  if (value.schema !== journalSchema) {
    const isNewer = typeof value.schema === 'number' && value.schema > journalSchema
    throw new JournalError(
      `${where}  was written in version ${String(value.schema)} of the journal's format; this program reads version ` +
        `${journalSchema}. ${isNewer ? 'Update fear-nas' : 'Use the version of fear-nas that wrote it'}, or start the run ` +
        'anew in another folder.',
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
