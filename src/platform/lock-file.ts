import { randomUUID } from 'node:crypto'
import { closeSync, openSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { type Clock, secondsSince } from './clock.js'
import { removeQuietly } from './files.js'
import { readPlainFile } from './plain-file.js'
import { processExists, processIdentity, processPlace } from './processes.js'

/**
 * Takes a lock that keeps processes from doing the same work twice. The lock of a dead process does not count, nor does
 * one older than `limitSeconds`. In rare cases two processes have it at the same time (one of them had to judge a lock
 * of another container, or both took over the lock of a dead process), so the work must bear being done twice.
 *
 * @returns what releases the lock; null if another process has it.
 * @throws the system's error if the file cannot be written.
 *
 * @example
 * const release = tryLock('/tmp/build.lock', systemClock, 600)
 */
export function tryLock(file: string, clock: Clock, limitSeconds: number): (() => void) | null {
  const contents = JSON.stringify({ ...ownPlace(), token: randomUUID() })
  if (!create(file, contents)) {
    if (!isStale(file, clock, limitSeconds)) return null
    setAside(file)
    if (!create(file, contents)) return null
  }
  return () => {
    if (readQuietly(file) === contents) removeQuietly(file)
  }
}

interface Owner {
  readonly pid: number
  /** Distinguishes the process from a later one with the same id. */
  readonly identity: string | null
  /** Where process ids mean the same. */
  readonly place: string
}

function ownPlace(): Owner {
  const { boot, pidNamespace } = processPlace()
  return { pid: process.pid, identity: processIdentity(process.pid), place: `${boot} ${pidNamespace}` }
}

/** @returns whether there was none. */
function create(file: string, contents: string): boolean {
  let descriptor: number
  try {
    descriptor = openSync(file, 'wx', 0o600)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
  try {
    writeFileSync(descriptor, contents)
  } finally {
    closeSync(descriptor)
  }
  return true
}

function isStale(file: string, clock: Clock, limitSeconds: number): boolean {
  const stats = statSync(file, { throwIfNoEntry: false })
  if (stats === undefined) return true
  if (secondsSince(stats.mtimeMs, clock) > limitSeconds) return true
  const owner = parse(readQuietly(file))
  // Still being written, or written by another version.
  if (owner === null || owner.place !== ownPlace().place) return false
  if (!processExists(owner.pid)) return true
  const identity = processIdentity(owner.pid)
  return owner.identity !== null && identity !== null && owner.identity !== identity
}

/** Another process may do the same, so the file is moved, which only one of them can. */
function setAside(file: string): void {
  const aside = `${file}.${randomUUID()}`
  try {
    renameSync(file, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  removeQuietly(aside)
}

function readQuietly(file: string): string | null {
  try {
    return readPlainFile(file, { mostBytes: 1 << 16, followLinks: false }).toString('utf8')
  } catch {
    return null
  }
}

function parse(contents: string | null): Owner | null {
  try {
    const { pid, identity, place } = JSON.parse(contents ?? '') as Partial<Owner>
    if (!Number.isInteger(pid) || pid === undefined || pid < 1 || typeof place !== 'string') return null
    return { pid, identity: typeof identity === 'string' ? identity : null, place }
  } catch {
    return null
  }
}
