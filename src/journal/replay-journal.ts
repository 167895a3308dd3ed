import { EventOrder } from './event-order.js'
import type { JournalEvent } from './journal-event.js'
import { JournalError, readJournal, wayOut } from './read-journal.js'
import { type ReplayedRun, replay } from './replay.js'

/** A journal and the state of its run, for resuming or drawing. */
export interface ReplayedJournal {
  readonly events: readonly JournalEvent[]
  /** Null if the journal has no complete line. */
  readonly run: ReplayedRun | null
}

/**
 * Reads a journal, compressed or not, and rebuilds the state of its run.
 *
 * @throws JournalError with `FILE:LINE` if a line is damaged or invalid at its position.
 */
export async function replayJournal(path: string): Promise<ReplayedJournal> {
  const { events } = await readJournal(path)
  const order = new EventOrder()
  for (const [i, event] of events.entries()) {
    const problem = order.next(event)
    if (problem === null) continue
    throw new JournalError(`${path}:${i + 1}  cannot follow the lines before it: ${problem}. ${wayOut}`)
  }
  return { events, run: replay(events) }
}
