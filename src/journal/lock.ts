import { closeSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { type Clock, systemClock } from '../platform/clock.js'
import { RunDirectoryError, RunWriteError } from '../platform/errors.js'
import { removeQuietly } from '../platform/files.js'
import { pathWord } from '../platform/shell.js'
import { heldTokens, type LockContents, type LockOwner, livenessOf, newOwner, readLock } from './lock-owner.js'

/** Seconds for which a lock file without contents may still be being written. */
const youngSeconds = 10

export interface HeldLock {
  /**
   * Checks that this process still has the lock; a deleted lock is written again.
   *
   * @throws RunWriteError if another process has taken it.
   */
  check(): void
  /** Never throws, since the lock of a dead process can be taken over. */
  release(): void
}

/**
 * Takes the exclusive lock at `file`. The lock of a dead process is taken over.
 *
 * A lock file is created exclusively, which every file system supports and which does not follow links. It is empty
 * until its contents are written, so a new empty lock counts as held. Only the holder of the second lock `takeover` may
 * remove a stale lock, so that only one of several processes does.
 *
 * @throws RunDirectoryError naming the process that holds it.
 */
export function acquireLock(file: string, clock: Clock): HeldLock {
  const owner = newOwner(clock)
  if (!createLock(file, owner)) takeOver(file, owner, clock)
  heldTokens.add(owner.token)
  return {
    check() {
      if (isLost(file, owner, clock)) throw lostError(file, clock)
    },
    release() {
      heldTokens.delete(owner.token)
      // It may have been deleted, and taken by another process since.
      if (isOwn(file, owner, clock)) removeQuietly(file)
    },
  }
}

function takeOver(file: string, owner: LockOwner, clock: Clock): void {
  checkLock(file, clock)
  const guard = `${file}.takeover`
  if (!createLock(guard, owner)) {
    // Another process is taking it over now, or was killed while doing so.
    checkLock(guard, clock)
    setAside(guard, owner, clock)
    if (!createLock(guard, owner)) throw lockedError(guard, clock)
  }
  try {
    // Another process may have taken it over before this one got the `takeover` lock.
    checkLock(file, clock)
    rmSync(file, { force: true })
    if (!createLock(file, owner)) throw lockedError(file, clock)
  } finally {
    removeQuietly(guard)
  }
}

/** Removes the `takeover` lock of a dead process; one that a running process has created meanwhile is restored. */
function setAside(guard: string, owner: LockOwner, clock: Clock): void {
  const aside = `${guard}.${owner.token}`
  try {
    renameSync(guard, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  const moved = readLock(aside, clock)
  if (moved?.owner && livenessOf(moved.owner, clock).alive !== false) createLock(guard, moved.owner)
  rmSync(aside, { force: true })
}

/** @returns whether there was none. */
function createLock(file: string, owner: LockOwner): boolean {
  let descriptor: number
  try {
    descriptor = openSync(file, 'wx')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
  try {
    writeFileSync(descriptor, JSON.stringify(owner))
  } catch (error) {
    removeQuietly(file)
    throw error
  } finally {
    closeSync(descriptor)
  }
  return true
}

function isOwn(file: string, { token }: LockOwner, clock: Clock): boolean {
  return readQuietly(file, clock)?.owner?.token === token
}

/**
 * Whether another process has the lock. If it cannot be read or written, the next journal write fails with the reason.
 */
function isLost(file: string, owner: LockOwner, clock: Clock): boolean {
  if (isOwn(file, owner, clock)) return false
  try {
    if (createLock(file, owner)) return false
  } catch {
    return false
  }
  const token = readQuietly(file, clock)?.owner?.token
  return token !== undefined && token !== owner.token
}

function readQuietly(file: string, clock: Clock): LockContents | null {
  try {
    return readLock(file, clock)
  } catch {
    return null
  }
}

/** `alive` is null for a process that cannot be checked from here. */
export interface LockHolder extends LockOwner {
  readonly alive: boolean | null
}

/** The owner of the lock at `file`, dead or alive; null if there is no lock. Only reads. */
export function lockHolder(file: string, clock: Clock = systemClock): LockHolder | null {
  const owner = readQuietly(file, clock)?.owner ?? null
  return owner && { ...owner, alive: livenessOf(owner, clock).alive }
}

/**
 * Checks that the lock is free, without writing anything.
 *
 * @throws RunDirectoryError naming the process that holds it, or if it is a link, a pipe or anything but a plain file.
 */
export function checkLock(file: string, clock: Clock = systemClock): void {
  const contents = readLock(file, clock)
  if (contents === null) return
  // A lock file without contents is left by a power failure or was made by hand.
  const isHeld =
    contents.owner === null ? contents.seconds < youngSeconds : livenessOf(contents.owner, clock).alive !== false
  if (isHeld) throw lockedError(file, clock)
}

function lockedError(file: string, clock: Clock): RunDirectoryError {
  return new RunDirectoryError(
    `The run is in use by ${describeHolder(file, clock)}. ` +
      `Wait for it; if it is certainly gone, delete its lock: rm ${pathWord(file)}`,
  )
}

function lostError(file: string, clock: Clock): RunWriteError {
  return new RunWriteError(
    `${path.dirname(file)} is now in use by ${describeHolder(file, clock)}: its lock was deleted while this process was ` +
      'running. This process ends, because only one may drive a run. Recorded results are kept, and the other process continues.',
  )
}

function describeHolder(file: string, clock: Clock): string {
  const owner = lockHolder(file, clock)
  if (owner === null) return 'another process'
  const liveness = livenessOf(owner, clock)
  const origin = liveness.alive === null ? ` (${liveness.where}: whether it is alive cannot be checked from here)` : ''
  return `process ${owner.pid} on ${owner.host}${origin}`
}
