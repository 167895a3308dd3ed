import type { Journal } from '../journal/journal.js'
import type { JournalEvent } from '../journal/journal-event.js'
import { type ReplayedRun, replay } from '../journal/replay.js'
import { replayJournal } from '../journal/replay-journal.js'
import { journalPath, type RunDirectory } from '../journal/run-directory.js'

/** Where a run keeps its journal and its files: a directory, or memory. After `close` it can still be read. */
export interface RunStore extends Pick<RunDirectory, 'journal' | 'read' | 'write' | 'remove' | 'close'> {
  /** Null in memory. */
  readonly directory: string | null
  /** What the journal holds by now; null if the run has not begun. */
  replay(): Promise<ReplayedRun | null>
}

export function directoryStore(opened: RunDirectory): RunStore {
  const { journal, path, read, remove, write } = opened
  return {
    directory: path,
    journal,
    read,
    write,
    remove,
    close: () => opened.close(),
    replay: async () => (await replayJournal(journalPath(path))).run,
  }
}

/** A store that ends with the process. */
export function memoryStore(): RunStore {
  const events: JournalEvent[] = []
  const files = new Map<string, Uint8Array>()
  return {
    directory: null,
    journal: {
      append: async (event) => void events.push(event),
      flush: async () => {},
      close: async () => {},
    } satisfies Journal,
    read: (name) => files.get(name) ?? null,
    write: (name, contents) => void files.set(name, Buffer.from(contents)),
    remove: (name) => void files.delete(name),
    close: async () => {},
    replay: async () => replay(events),
  }
}
