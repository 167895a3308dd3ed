import { shownValue } from '../platform/value-checks.js'
import { eventProblem } from './event-schema.js'
import { type JournalEvent, journalSchema, type RunStarted } from './journal-event.js'
import { completeLines, JournalError, lineBlocks } from './lines.js'

export { JournalError } from './lines.js'

export interface JournalContents {
  readonly events: readonly JournalEvent[]
  /** Bytes up to the end of the last complete line; for a compressed journal, of the unpacked data. */
  readonly completeBytes: number
}

/** The advice in messages about a damaged line. */
export const wayOut = 'Restore the journal, or keep a copy and cut it before this line.'

/**
 * Reads a journal, also a compressed one (`.gz`). A last line without a line feed was cut off by a crash and is
 * ignored; what it recorded is done again.
 *
 * @throws JournalError with `FILE:LINE` if any other line is damaged.
 */
export async function readJournal(path: string): Promise<JournalContents> {
  const events: JournalEvent[] = []
  let completeBytes = 0
  for await (const { lines, end } of lineBlocks(path)) {
    for (const line of lines) events.push(parseLine(line, `${path}:${events.length + 1}`, events.length === 0))
    completeBytes = end
  }
  return { events, completeBytes }
}

/**
 * The first event of a journal; null if there is no complete line. The rest is not read.
 *
 * @throws JournalError if it is not a valid first event.
 */
export async function readRunStarted(path: string): Promise<RunStarted | null> {
  for await (const [line = ''] of completeLines(path)) return parseLine(line, `${path}:1`, true) as RunStarted
  return null
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
    throw new JournalError(`${where}  is not a complete JSON line. ${wayOut}`)
  }
  if (isFirst) checkSchema(value, where)
  const problem = eventProblem(value, isFirst)
  if (problem !== null) {
    throw new JournalError(
      `${where}  is not a journal event that this version knows: ${problem}. If a newer fear-nas wrote it, update. Otherwise: ` +
        wayOut,
    )
  }
  return value as JournalEvent
}

function checkSchema(value: unknown, where: string): void {
  if (!isRecord(value) || value.event !== 'run.started') {
    throw new JournalError(`${where}  must be a run.started event. Is this a journal?`)
  }
  if (value.schema !== journalSchema) {
    const isNewer = typeof value.schema === 'number' && value.schema > journalSchema
    throw new JournalError(
      `${where}  was written in version ${shownValue(value.schema)} of the journal's format; this program reads version ` +
        `${journalSchema}. ${isNewer ? 'Update fear-nas' : 'Use the version of fear-nas that wrote it'}, or start the run ` +
        'again in another folder.',
    )
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
