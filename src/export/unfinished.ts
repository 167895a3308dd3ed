import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { systemClock } from '../platform/clock.js'
import { tryLock } from '../platform/lock-file.js'

/** A folder beside the wanted one, in which an export is written and checked. */
export interface UnfinishedExport {
  readonly folder: string
  /** To be called before it gets its name: it is nobody's work in progress any more. */
  release(): void
}

/** In the folder, while its process lives. */
const lock = 'export.lock'

/** Seconds after which an export has ended for certain, also one of another container, whose processes are not seen here. */
const longest = 24 * 3600

/**
 * Makes the folder, and removes those that killed exports of the same name have left.
 *
 * @param directory the folder that the export is to be
 * @throws the system's error if it cannot be made.
 */
export function beginExport(directory: string): UnfinishedExport {
  const wanted = path.resolve(directory)
  removeAbandoned(wanted)
  const folder = `${wanted}.${process.pid}.${randomUUID()}.tmp`
  mkdirSync(folder)
  const release = tryLock(path.join(folder, lock), systemClock, longest)
  return { folder, release: () => release?.() }
}

/** What follows the name of the wanted folder: a process and a random number. */
const ending = /^\.\d+\.[0-9a-f-]{36}\.tmp$/

function removeAbandoned(wanted: string): void {
  const parent = path.dirname(wanted)
  const name = path.basename(wanted)
  const unfinished = readdirSync(parent, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && entry.name.startsWith(name) && ending.test(entry.name.slice(name.length)),
  )
  for (const entry of unfinished) {
    const folder = path.join(parent, entry.name)
    // Without a lock it was made this moment, or is about to get its name.
    if (existsSync(path.join(folder, lock))) removeIfDead(folder)
  }
}

function removeIfDead(folder: string): void {
  try {
    if (tryLock(path.join(folder, lock), systemClock, longest) !== null)
      rmSync(folder, { recursive: true, force: true })
  } catch {
    // What another user left, or another export removes now, does no harm.
  }
}
