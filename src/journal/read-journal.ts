import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline } from 'node:stream'
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
  for await (const [line = ''] of completeLines(path)) return parseLine(line, `${path}:1`, true) as RunStarted
  return null
}

/**
 * The lines that end in a line feed, without it, many at a time: a journal of a million trials exceeds a string.
 *
 * @throws JournalError if a compressed file is damaged or cut short.
 */
export async function* completeLines(path: string): AsyncGenerator<readonly string[]> {
  for await (const text of path.endsWith('.gz') ? unpacked(path) : plain(path)) yield text.slice(0, -1).split('\n')
}

const chunkBytes = 1 << 18

/** A file in texts that end in a line feed. Into one buffer, which halves the time that streams take. */
async function* plain(path: string): AsyncGenerator<string> {
  const file = await open(path)
  try {
    let buffer = Buffer.allocUnsafe(chunkBytes)
    let held = 0
    for (;;) {
      if (held === buffer.length) buffer = Buffer.concat([buffer, Buffer.allocUnsafe(held)])
      const { bytesRead } = await file.read(buffer, held, buffer.length - held)
      if (bytesRead === 0) return
      const filled = buffer.subarray(0, held + bytesRead)
      const end = filled.lastIndexOf('\n') + 1
      if (end > 0) yield filled.toString('utf8', 0, end)
      filled.copyWithin(0, end)
      held = filled.length - end
    }
  } finally {
    await file.close()
  }
}

/** The same of a compressed file. */
async function* unpacked(path: string): AsyncGenerator<string> {
  // `pipeline` passes a file's error on to the reader.
  const stream = pipeline(createReadStream(path), createGunzip({ chunkSize: chunkBytes }), () => {})
  let rest = ''
  try {
    for await (const chunk of stream.setEncoding('utf8')) {
      const text = rest + String(chunk)
      const end = text.lastIndexOf('\n') + 1
      if (end > 0) yield text.slice(0, end)
      rest = text.slice(end)
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (!code?.startsWith('Z_')) throw error
    throw new JournalError(`${path}  is no whole gzip file (${message}). Restore it.`, { cause: error })
  }
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
    case 'prefilter.scored':
      return (
        typeof value.arm === 'string' &&
        Number.isInteger(value.candidate) &&
        typeof value.architecture === 'string' &&
        typeof value.wallSeconds === 'number' &&
        isOutcome(value.outcome)
      )
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
