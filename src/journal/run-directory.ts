import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { type Clock, systemClock } from '../platform/clock.js'
import { RunDirectoryError } from '../platform/errors.js'
import { syncFolder, writeFileAtomic } from '../platform/files.js'
import { type Journal, openJournal } from './journal.js'
import { acquireLock, type LockHolder, lockHolder } from './lock.js'

/** A folder that holds one run, and is locked by this process until `close`. */
export interface RunDirectory {
  readonly path: string
  readonly journal: Journal
  /** The path of a file in the folder. */
  file(name: string): string
  /** Writes a file of the folder all at once: a crash leaves the old contents or the new. */
  write(name: string, contents: string | Uint8Array): void
  /** The bytes of a file of the folder; null if it is absent. */
  read(name: string): Uint8Array | null
  /** Takes a file out of the folder, if it is there. */
  remove(name: string): void
  /** Closes the journal and releases the lock. */
  close(): Promise<void>
}

const journalName = 'journal.jsonl'
const lockName = 'lock'

export function journalPath(directory: string): string {
  return path.join(directory, journalName)
}

function lockPath(directory: string): string {
  return path.join(directory, lockName)
}

/** Who holds the run in a directory, dead or alive; null if nobody does. Only reads. */
export function runHolder(directory: string): LockHolder | null {
  return lockHolder(lockPath(directory))
}

/** Whether a process is at work on the run; one on another machine is taken for alive. */
export function isHeldRun(directory: string): boolean {
  const holder = runHolder(directory)
  return holder !== null && holder.alive !== false
}

/** The journal of a directory that is only read, compressed or not; null if there is none. */
export function journalFile(directory: string): string | null {
  const plain = journalPath(directory)
  return [plain, `${plain}.gz`].find((file) => existsSync(file)) ?? null
}

/**
 * Checks, without writing anything, that `createRunDirectory` can be expected to succeed.
 *
 * @throws RunDirectoryError as it would.
 */
export function checkRunDirectory(directory: string): void {
  if (journalFile(directory) !== null) throw holdsRun(directory)
  const existing = nearestExisting(path.resolve(directory))
  explaining(directory, () => {
    if (!statSync(existing).isDirectory()) throw Object.assign(new Error(existing), { code: 'ENOTDIR' })
    accessSync(existing, constants.W_OK)
  })
}

/** The folder or file itself, or the nearest of its parents that exists. */
function nearestExisting(target: string): string {
  return existsSync(target) ? target : nearestExisting(path.dirname(target))
}

function holdsRun(directory: string): RunDirectoryError {
  return new RunDirectoryError(
    `${directory} already holds a run. Go on with it: fear-nas resume ${directory}, or name another folder with --out.`,
  )
}

/**
 * Creates a folder for a new run, and its parents; an existing folder will do if it holds no run.
 *
 * @throws RunDirectoryError if it holds a run, is a file, cannot be written to or is in use.
 */
export async function createRunDirectory(directory: string, clock: Clock = systemClock): Promise<RunDirectory> {
  if (journalFile(directory) !== null) throw holdsRun(directory)
  explaining(directory, () => makeDirectory(path.resolve(directory)))
  return lockAndOpen(directory, clock)
}

/**
 * Checks, without writing anything, that `createResultDirectory` can be expected to succeed.
 *
 * @throws RunDirectoryError as it would.
 */
export function checkResultDirectory(directory: string): void {
  checkRunDirectory(directory)
  if (!existsSync(path.join(directory, 'summary.json'))) return
  throw new RunDirectoryError(`${directory} already holds results. Name another folder with --out.`)
}

/**
 * Creates a folder, and its parents, for the results of a command that is over too soon to be resumed: it has no
 * journal and no lock. An existing folder will do if it holds no results.
 *
 * @returns what writes a file of the folder all at once.
 * @throws RunDirectoryError if it holds a run or results, is a file or cannot be written to.
 */
export function createResultDirectory(directory: string): RunDirectory['write'] {
  checkResultDirectory(directory)
  explaining(directory, () => makeDirectory(path.resolve(directory)))
  return (name, contents) => explaining(directory, () => writeFileAtomic(path.join(directory, name), contents))
}

/**
 * Opens the folder of an earlier run to go on with it.
 *
 * @throws RunDirectoryError if it holds no run, cannot be written to or is in use; JournalError if its journal is damaged.
 */
export async function resumeRunDirectory(directory: string, clock: Clock = systemClock): Promise<RunDirectory> {
  if (!existsSync(journalPath(directory))) {
    throw new RunDirectoryError(`${directory} holds no run: ${journalName} is missing. Check the path.`)
  }
  return lockAndOpen(directory, clock)
}

async function lockAndOpen(directory: string, clock: Clock): Promise<RunDirectory> {
  const release = explaining(directory, () => acquireLock(lockPath(directory), clock))
  try {
    const journal = await openJournal(journalPath(directory))
    syncFolder(directory)
    return {
      path: directory,
      journal,
      file: (name) => path.join(directory, name),
      write: (name, contents) => writeFileAtomic(path.join(directory, name), contents),
      read(name) {
        const file = path.join(directory, name)
        return existsSync(file) ? readFileSync(file) : null
      },
      remove: (name) => rmSync(path.join(directory, name), { force: true }),
      async close() {
        try {
          await journal.close()
        } finally {
          release()
        }
      },
    }
  } catch (error) {
    release()
    throw error
  }
}

/** With its parents. Node's own `recursive` never returns where the system refuses with ENOENT, as in /proc. */
function makeDirectory(directory: string): void {
  if (existsSync(directory)) {
    if (!statSync(directory).isDirectory()) throw Object.assign(new Error(directory), { code: 'ENOTDIR' })
    return
  }
  makeDirectory(path.dirname(directory))
  mkdirSync(directory)
}

/** Runs a file operation and says in words what was wrong with the folder. */
function explaining<T>(directory: string, operation: () => T): T {
  try {
    return operation()
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === undefined) throw error
    throw new RunDirectoryError(`${directory} cannot hold a run: ${reason(directory, code)}`, { cause: error })
  }
}

function reason(directory: string, code: string): string {
  if (code === 'ENOTDIR') {
    const isFile = existsSync(directory) && statSync(directory).isFile()
    return `${isFile ? 'it' : 'a part of its path'} is a file. Name another folder.`
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return 'this user may not write there. Name another folder, or change its permissions.'
  }
  if (code === 'ENOSPC') return 'the disk is full. Make room, or name a folder on another disk.'
  return `the system says ${code}. Name another folder.`
}
