import { accessSync, constants, existsSync, mkdirSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { type Clock, systemClock } from '../platform/clock.js'
import { RunDirectoryError } from '../platform/errors.js'
import { syncFolder, writeFileAtomic } from '../platform/files.js'
import { makeDirectory } from '../platform/make-directory.js'
import { readPlainFile } from '../platform/plain-file.js'
import { pathWord } from '../platform/shell.js'
import { either, placing, resuming, worded } from '../platform/wording.js'
import { beginsJournal } from './begins-journal.js'
import { explaining, explainingResume, inWords, resumeInWords } from './folder-errors.js'
import { type Journal, openJournal } from './journal.js'
import { removeLeftovers } from './leftovers.js'
import { acquireLock, checkLock, type LockHolder, lockHolder } from './lock.js'
import { checkRunFiles } from './run-files.js'
import { writeFailure } from './write-failure.js'

/** The folder of one run, locked by this process until `close`. */
export interface RunDirectory {
  readonly path: string
  readonly journal: Journal
  /** The path of a file in the folder. */
  file(name: string): string
  /**
   * Writes a file of the folder atomically: after a crash it has the old contents or the new.
   *
   * @throws RunWriteError if the disk is full or the folder is gone.
   */
  write(name: string, contents: string | Uint8Array): void
  /**
   * The bytes of a file of the folder; null if it is absent. Links are not followed.
   *
   * @throws FileKindError for anything but a plain file.
   */
  read(name: string): Uint8Array | null
  /** Deletes a file of the folder, if it exists. */
  remove(name: string): void
  /** Closes the journal and releases the lock, even if closing fails. */
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

/** The process that holds the run in a directory, dead or alive; null if none does. Only reads. */
export function runHolder(directory: string): LockHolder | null {
  return lockHolder(lockPath(directory))
}

/** Whether a process is working on the run; one on another machine is assumed to be alive. */
export function isHeldRun(directory: string): boolean {
  const holder = runHolder(directory)
  return holder !== null && holder.alive !== false
}

/** The path of the journal for reading, compressed or not; null if there is none. */
export function journalFile(directory: string): string | null {
  const plain = journalPath(directory)
  return [plain, `${plain}.gz`].find((file) => existsSync(file)) ?? null
}

/**
 * Checks, without writing anything, that `createRunDirectory` should succeed.
 *
 * @throws RunDirectoryError as it would.
 */
export function checkRunDirectory(directory: string): void {
  if (holdsRun(directory)) throw takenError(directory)
  checkNewDirectory(directory)
}

/**
 * The same for a folder that gets another name if this one is taken.
 *
 * @throws RunDirectoryError if no folder can be created there.
 */
export function checkNewDirectory(directory: string): void {
  explaining(directory, () => {
    const existing = nearestExisting(path.resolve(directory))
    if (!statSync(existing).isDirectory()) throw Object.assign(new Error(existing), { code: 'ENOTDIR' })
    accessSync(existing, constants.W_OK)
    if (existing === path.resolve(directory)) checkRunFiles(directory)
  })
}

/**
 * Creates a new folder, and its parents: `wanted`, or if that exists, `wanted-2`, `wanted-3` and so on. Several
 * processes at the same time get different folders.
 *
 * @returns its path.
 * @throws RunDirectoryError if no folder can be created.
 */
export function claimDirectory(wanted: string): string {
  return explaining(wanted, () => {
    makeDirectory(path.dirname(wanted))
    for (let number = 1; ; number++) {
      const directory = number === 1 ? wanted : `${wanted}-${number}`
      try {
        mkdirSync(directory)
        return directory
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      }
    }
  })
}

/** The folder or file itself, or the nearest of its parents that exists. */
function nearestExisting(target: string): string {
  return existsSync(target) ? target : nearestExisting(path.dirname(target))
}

/**
 * A journal without a complete line belongs to a run that was killed before its first record: nothing is lost by
 * starting again.
 */
function holdsRun(directory: string): boolean {
  const journal = journalFile(directory)
  return journal !== null && explaining(directory, () => beginsJournal(journal))
}

function takenError(directory: string): RunDirectoryError {
  return new RunDirectoryError(
    worded`${directory} already holds a run. Continue it: ${resuming(directory)}, or name another folder with ${placing()}.`,
  )
}

/**
 * Creates a folder for a new run, and its parents; an existing folder can be used if it holds no run.
 *
 * @throws RunDirectoryError if it holds a run, is a file, cannot be written to or is in use.
 */
export async function createRunDirectory(directory: string, clock: Clock = systemClock): Promise<RunDirectory> {
  if (holdsRun(directory)) throw takenError(directory)
  explaining(directory, () => {
    makeDirectory(directory)
    checkRunFiles(directory)
  })
  try {
    return await lockAndOpen(directory, clock, () => {
      // Another process may have started a run, and even finished it, before the lock was taken.
      if (holdsRun(directory)) throw takenError(directory)
    })
  } catch (error) {
    throw inWords(directory, error)
  }
}

/**
 * Checks, without writing anything, that `resumeRunDirectory` should succeed.
 *
 * @throws RunDirectoryError as it would.
 */
export function checkResumable(directory: string): void {
  const journal = journalPath(directory)
  if (!existsSync(journal)) {
    const next = existsSync(`${journal}.gz`)
      ? `Unpack it: gunzip ${pathWord(journal)}.gz`
      : either('Check the path.', 'Check the path; repetitions with --seeds continue when their command is run again.')
    throw new RunDirectoryError(worded`${directory} holds no run to resume: ${journalName} is missing. ${next}`)
  }
  explainingResume(directory, () => {
    checkRunFiles(directory)
    checkLock(lockPath(directory))
    accessSync(directory, constants.W_OK | constants.X_OK)
    accessSync(journal, constants.R_OK | constants.W_OK)
  })
}

/**
 * Opens the folder of an earlier run to resume it. Removes half-written files of its processes.
 *
 * @throws RunDirectoryError if it holds no run, cannot be written to or is in use; JournalError if its journal is damaged.
 */
export async function resumeRunDirectory(directory: string, clock: Clock = systemClock): Promise<RunDirectory> {
  checkResumable(directory)
  try {
    return await lockAndOpen(directory, clock)
  } catch (error) {
    throw resumeInWords(directory, error)
  }
}

/** @param check checks to repeat when the lock is held. */
async function lockAndOpen(directory: string, clock: Clock, check: () => void = () => {}): Promise<RunDirectory> {
  const lock = acquireLock(lockPath(directory), clock)
  try {
    check()
    removeLeftovers(directory)
    const journal = await openJournal(journalPath(directory), lock.check)
    syncFolder(directory)
    return {
      path: directory,
      journal,
      file: (name) => path.join(directory, name),
      write(name, contents) {
        const file = path.join(directory, name)
        try {
          writeFileAtomic(file, contents)
        } catch (error) {
          throw writeFailure(file, error)
        }
      },
      read(name) {
        const file = path.join(directory, name)
        return existsSync(file) ? readPlainFile(file, { followLinks: false }) : null
      },
      remove: (name) => rmSync(path.join(directory, name), { force: true }),
      async close() {
        try {
          await journal.close()
        } finally {
          lock.release()
        }
      },
    }
  } catch (error) {
    lock.release()
    throw error
  }
}
