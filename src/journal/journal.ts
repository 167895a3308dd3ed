import { constants, existsSync, fdatasync, readFileSync, type Stats } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { RunWriteError } from '../platform/errors.js'
import { refusesSync, writeFileAtomic } from '../platform/files.js'
import { resuming, worded } from '../platform/wording.js'
import type { JournalEvent } from './journal-event.js'
import { JournalError, readJournal } from './read-journal.js'
import { writeFailure } from './write-failure.js'

/**
 * The record of a run: JSON lines, only appended to, each on disk before its `append` resolves.
 *
 * One writer at a time, ensured by the lock of the run directory.
 */
export interface Journal {
  /**
   * Resolves once the event is on disk. Events are written in the order of the calls, awaited or not.
   *
   * @throws RunWriteError if the disk is full or the file was removed; then every later call fails too.
   */
  append(event: JournalEvent): Promise<void>
  /** Resolves once everything appended so far is on disk. */
  flush(): Promise<void>
  /** Flushes and closes the file. */
  close(): Promise<void>
}

/**
 * Opens the journal at `path` for appending, creating it if there is none. An incomplete last line from a crash is cut
 * off first. A link is not followed, so that nothing is appended to a file elsewhere.
 *
 * @param mayWrite is called before anything is appended; `append` throws its errors.
 * @throws JournalError if the file is not a journal that this version can continue; ELOOP for a link.
 */
export async function openJournal(path: string, mayWrite: () => void = () => {}): Promise<Journal> {
  const { O_APPEND, O_CREAT, O_NOFOLLOW = 0, O_RDWR } = constants
  const file = await open(path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW)
  try {
    const { size } = await file.stat()
    if (size > 0) {
      const { completeBytes } = await readJournal(path)
      if (completeBytes === 0) refuseOtherFile(path)
      if (completeBytes < size) await file.truncate(completeBytes)
    }
  } catch (error) {
    await file.close()
    throw error
  }
  return new GroupCommitJournal(file, path, mayWrite)
}

/**
 * @throws JournalError for a file without a complete line that is not the beginning of a journal, because cutting it
 * would lose its contents.
 */
function refuseOtherFile(path: string): void {
  const start = '{"event":"run.started"'
  if (start.startsWith(readFileSync(path, 'utf8').slice(0, start.length))) return
  throw new JournalError(`${path}  is not a journal and is left unchanged. Name another folder.`)
}

const syncData = promisify(fdatasync)

/** Lines that arrive while the disk is busy share the next write and fsync. */
class GroupCommitJournal implements Journal {
  readonly #file: FileHandle
  readonly #path: string
  readonly #mayWrite: () => void
  #lines: string[] = []
  /** The commit that will hold `#lines`; null while there are none. */
  #next: Promise<void> | null = null
  #committing: Promise<void> = Promise.resolve()

  constructor(file: FileHandle, path: string, mayWrite: () => void) {
    this.#file = file
    this.#path = path
    this.#mayWrite = mayWrite
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
    try {
      this.#mayWrite()
      await this.#file.appendFile(text)
      await this.#sync()
      await this.#checkPlace()
    } catch (error) {
      throw writeFailure(this.#path, error)
    }
  }

  async #sync(): Promise<void> {
    try {
      // Not by the handle's own method, which Yarn's file system lacks.
      await syncData(this.#file.fd)
    } catch (error) {
      if (!refusesSync(error)) throw error
    }
  }

  /** Writes to a file that was removed while open succeed, but the file is gone when it is closed. */
  async #checkPlace(): Promise<void> {
    const [ours, there] = await Promise.all([this.#file.stat(), statOrNull(this.#path)])
    if (there !== null && there.ino === ours.ino) return
    if (there !== null) throw this.#lost("was replaced by another file. Put the run's own back")
    if (!existsSync(path.dirname(this.#path))) throw this.#lost('is gone with its folder. Put the folder back')
    const contents = Buffer.alloc(ours.size)
    await this.#file.read(contents, 0, ours.size, 0)
    writeFileAtomic(this.#path, contents)
    throw this.#lost('was removed. It has been written again, so that nothing is lost')
  }

  #lost(what: string): RunWriteError {
    const next = resuming(path.dirname(this.#path))
    return new RunWriteError(worded`During the run, ${this.#path} ${what}. Continue with: ${next}`)
  }
}

async function statOrNull(path: string): Promise<Stats | null> {
  try {
    return await stat(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
