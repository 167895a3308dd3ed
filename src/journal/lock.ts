import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import type { Clock } from '../platform/clock.js'
import { RunDirectoryError } from '../platform/errors.js'

/** Who drives a run: the contents of its lock file. */
interface LockOwner {
  readonly pid: number
  readonly host: string
  readonly date: string
}

/** The locks that this very process holds: a process id alone may be one that a dead process had. */
const heldHere = new Set<string>()

/**
 * Takes the exclusive lock at `file`; the returned function releases it. A lock whose process is gone is taken over.
 *
 * @throws RunDirectoryError naming the process that holds it.
 */
export function acquireLock(file: string, clock: Clock): () => void {
  const owner: LockOwner = { pid: process.pid, host: hostname(), date: clock.date() }
  const mine = `${file}.${process.pid}`
  writeFileSync(mine, JSON.stringify(owner))
  try {
    if (!tryLink(mine, file)) {
      takeOverIfStale(file)
      if (!tryLink(mine, file)) throw lockedError(file, readOwner(file))
    }
  } finally {
    rmSync(mine, { force: true })
  }
  heldHere.add(file)
  return () => {
    heldHere.delete(file)
    rmSync(file, { force: true })
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
  const owner = readOwner(file)
  if (owner !== null && isAlive(owner, file)) throw lockedError(file, owner)
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
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (typeof value !== 'object' || value === null || !('pid' in value) || !('host' in value)) return null
    const { pid, host } = value
    const date = 'date' in value && typeof value.date === 'string' ? value.date : ''
    return typeof pid === 'number' && typeof host === 'string' ? { pid, host, date } : null
  } catch {
    return null
  }
}

/** Processes of another machine cannot be asked; they count as alive. */
function isAlive(owner: LockOwner, file: string): boolean {
  if (owner.host !== hostname()) return true
  if (owner.pid === process.pid) return heldHere.has(file)
  try {
    process.kill(owner.pid, 0)
    return true
  } catch (error) {
    // EPERM: it exists and belongs to someone else.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function lockedError(file: string, owner: LockOwner | null): RunDirectoryError {
  const who = owner === null ? 'another process' : `process ${owner.pid} on ${owner.host}`
  return new RunDirectoryError(`The run is in use by ${who}. Wait for it; if it is gone for certain, delete ${file}.`)
}
