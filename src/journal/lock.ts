import { linkSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import path from 'node:path'
import type { Clock } from '../platform/clock.js'
import { RunDirectoryError } from '../platform/errors.js'
import { readPlainFile } from '../platform/plain-file.js'
import { processExists, processIdentity } from '../platform/processes.js'

/** Who drives a run: the contents of its lock file. */
interface LockOwner {
  readonly pid: number
  readonly host: string
  readonly date: string
  /** Tells the process from a later one with its id, where the system can; absent from locks of older versions. */
  readonly identity?: string | null
}

/** The locks that this very process holds: a process id alone may be one that a dead process had. */
const heldHere = new Set<string>()

/**
 * Takes the exclusive lock at `file`; the returned function releases it. A lock whose process is gone is taken over.
 *
 * @throws RunDirectoryError naming the process that holds it.
 */
export function acquireLock(file: string, clock: Clock): () => void {
  const { pid } = process
  const owner: LockOwner = { pid, host: hostname(), date: clock.date(), identity: processIdentity(pid) }
  const mine = `${file}.${pid}`
  writeFileSync(mine, JSON.stringify(owner))
  try {
    if (!tryLink(mine, file)) {
      takeOverIfStale(file)
      if (!tryLink(mine, file)) throw lockedError(file, readOwner(file))
    }
  } finally {
    rmSync(mine, { force: true })
  }
  const held = path.resolve(file)
  heldHere.add(held)
  return () => {
    heldHere.delete(held)
    // Somebody may have deleted it, and another have taken it since.
    const now = readOwner(file)
    if (now?.pid === owner.pid && now.host === owner.host) rmSync(file, { force: true })
  }
}

/** A hard link appears with its contents or not at all, so nobody ever reads an empty lock. */
function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function takeOverIfStale(file: string): void {
  checkLock(file)
  // Of several processes that find the stale lock, one renames it; a rename that caught a newer lock is undone.
  const aside = `${file}.stale.${process.pid}`
  try {
    renameSync(file, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  const moved = readOwner(aside)
  if (moved !== null && isAlive(moved, file)) tryLink(aside, file)
  rmSync(aside, { force: true })
}

/** `alive` is null for a process of another machine, which cannot be asked. */
export interface LockHolder extends LockOwner {
  readonly alive: boolean | null
}

/** Who holds the lock at `file`, dead or alive; null if nobody does. Only reads. */
export function lockHolder(file: string): LockHolder | null {
  const owner = readOwner(file)
  return owner && { ...owner, alive: owner.host === hostname() ? isAlive(owner, file) : null }
}

/** Null if there is no lock, or one that no version of this program wrote. */
function readOwner(file: string): LockOwner | null {
  try {
    const value: unknown = JSON.parse(readPlainFile(file, { mostBytes: 1 << 16 }).toString('utf8'))
    if (typeof value !== 'object' || value === null || !('pid' in value) || !('host' in value)) return null
    const { pid, host } = value
    const date = 'date' in value && typeof value.date === 'string' ? value.date : ''
    const identity = 'identity' in value && typeof value.identity === 'string' ? value.identity : null
    return typeof pid === 'number' && typeof host === 'string' ? { pid, host, date, identity } : null
  } catch {
    return null
  }
}

/** Processes of another machine cannot be asked; they count as alive. */
function isAlive(owner: LockOwner, file: string): boolean {
  if (owner.host !== hostname()) return true
  if (owner.pid === process.pid) return heldHere.has(path.resolve(file))
  if (!processExists(owner.pid)) return false
  const identity = processIdentity(owner.pid)
  return owner.identity == null || identity === null || owner.identity === identity
}

/**
 * Checks, without writing anything, that nobody holds the lock.
 *
 * @throws RunDirectoryError naming the process that holds it.
 */
export function checkLock(file: string): void {
  const owner = readOwner(file)
  if (owner !== null && isAlive(owner, file)) throw lockedError(file, owner)
}

function lockedError(file: string, owner: LockOwner | null): RunDirectoryError {
  const who = owner === null ? 'another process' : `process ${owner.pid} on ${owner.host}`
  return new RunDirectoryError(`The run is in use by ${who}. Wait for it; if it is gone for certain, delete ${file}.`)
}
