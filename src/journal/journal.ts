import { type FileHandle, open } from 'node:fs/promises'
import type { JournalEvent } from './journal-event.js'
import { readJournal } from './read-journal.js'

/**
 * The truth about a run: JSON lines, only ever appended to, each on disk before its `append` resolves.
 *
 * One writer at a time; the run directory's lock sees to that.
 */
export interface Journal {
  /** Resolves once the event is on disk. Events are written in the order of the calls, awaited or not. */
  append(event: JournalEvent): Promise<void>
  /** Resolves once everything appended so far is on disk. */
  flush(): Promise<void>
  /** Flushes and closes the file. */
  close(): Promise<void>
}

/**
 * Opens the journal at `path` for appending, creating it if there is none. A last line that a crash left incomplete is
 * cut off first.
 *
 * @throws JournalError if the file is not a journal that this version can continue.
 */
export async function openJournal(path: string): Promise<Journal> {
  const file = await open(path, 'a')
  try {
    const { size } = await file.stat()
    if (size > 0) {
      const { completeBytes } = await readJournal(path)
      if (completeBytes < size) await file.truncate(completeBytes)
    }
  } catch (error) {
    await file.close()
    throw error
  }
  return new GroupCommitJournal(file)
}

/** Lines that arrive while the disk is busy wait together and share the next write and fsync. */
class GroupCommitJournal implements Journal {
  readonly #file: FileHandle
  #lines: string[] = []
  /** The commit that will hold `#lines`; null while there are none. */
  #next: Promise<void> | null = null
  #committing: Promise<void> = Promise.resolve()

  constructor(file: FileHandle) {
    this.#file = file
  }

  append(event: JournalEvent): Promise<void> {
    this.#lines.push(`${JSON.stringify(event)}\n`)
    if (this.#next === null) {
      // After a failed commit every later one fails with the same error: a journal must not have holes.
      this.#next = this.#committing.then(() => this.#commit())
      this.#committing = this.#next
    }
    return this.#next
  }

  flush(): Promise<void> {
    return this.#committing
  }

  async close(): Promise<void> {
    try {
      await this.flush()
    } finally {
      await this.#file.close()
    }
  }

  async #commit(): Promise<void> {
    const text = this.#lines.join('')
    this.#lines = []
    this.#next = null
    await this.#file.appendFile(text)
    await this.#file.datasync()
  }
}
