import { randomUUID } from 'node:crypto'
import { closeSync, fstatSync, readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { z } from 'zod'
import { type Clock, secondsSince } from '../platform/clock.js'
import { openPlainFile } from '../platform/plain-file.js'
import { bootedAt, initialPidNamespace, processExists, processIdentity, processPlace } from '../platform/processes.js'

const text = z.string().max(1000).nullish().default(null)

/** The contents of a lock file. Locks of older versions lack the fields that may be null. */
const ownerSchema = z.object({
  pid: z
    .int()
    .min(1)
    .max(2 ** 31 - 1),
  host: z.string().max(1000),
  /** The time when it was taken, ISO 8601. */
  date: z.string().max(100).default(''),
  /** Distinguishes the process from a later one with the same id. */
  identity: text,
  boot: text,
  pidNamespace: text,
  machine: text,
  /** Unique to this lock. */
  token: text,
})

/** The process that drives a run, and where its id is valid. */
export type LockOwner = Readonly<z.infer<typeof ownerSchema>>

/** The tokens of the locks that this process holds, since a dead process may have had the same id. */
export const heldTokens = new Set<string>()

/** This process, as the owner of a new lock. */
export function newOwner(clock: Clock): LockOwner & { readonly token: string } {
  const { pid } = process
  return {
    pid,
    host: hostname(),
    date: clock.date(),
    identity: processIdentity(pid),
    ...processPlace(),
    token: randomUUID(),
  }
}

/** The file at the path of a lock: its owner, or a file that is not a lock, with the seconds since it was written. */
export type LockContents = { readonly owner: LockOwner } | { readonly owner: null; readonly seconds: number }

const mostBytes = 1 << 16

/**
 * Reads a lock; null if there is none. Links are not followed.
 *
 * @throws FileKindError for anything but a plain file; the system's error if it cannot be read, ELOOP for a link.
 */
export function readLock(file: string, clock: Clock): LockContents | null {
  let descriptor: number
  try {
    descriptor = openPlainFile(file, { followLinks: false, mostBytes })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  try {
    const owner = parseOwner(readFileSync(descriptor, 'utf8'))
    return owner === null ? { owner, seconds: secondsSince(fstatSync(descriptor).mtimeMs, clock) } : { owner }
  } finally {
    closeSync(descriptor)
  }
}

function parseOwner(contents: string): LockOwner | null {
  try {
    return ownerSchema.safeParse(JSON.parse(contents)).data ?? null
  } catch {
    return null
  }
}

/** Whether a process is alive; if it cannot be checked from here, where it runs. */
export type Liveness = { readonly alive: boolean } | { readonly alive: null; readonly where: string }

/**
 * Whether the owner of a lock is alive. A process id is only valid on the same boot of the same kernel, in the same PID
 * namespace. On systems without these, the host name is compared.
 */
export function livenessOf(owner: LockOwner, clock: Clock): Liveness {
  const here = processPlace()
  const hasPlaces = here.boot !== null && here.pidNamespace !== null
  const isHere = hasPlaces
    ? owner.boot === here.boot && owner.pidNamespace === here.pidNamespace
    : owner.boot === null && owner.pidNamespace === null && owner.host === hostname()
  if (isHere) return { alive: livesHere(owner) }
  // The start time distinguishes processes with the same id on the same boot. Locks of older versions have no
  // namespace.
  if (owner.identity !== null && owner.identity === processIdentity(owner.pid)) return { alive: true }
  if (isOfEarlierBoot(owner, here, clock)) return { alive: false }
  return { alive: null, where: whereabouts(owner, here) }
}

function livesHere(owner: LockOwner): boolean {
  if (owner.pid === process.pid) return owner.token !== null && heldTokens.has(owner.token)
  if (!processExists(owner.pid)) return false
  const identity = processIdentity(owner.pid)
  return owner.identity === null || identity === null || owner.identity === identity
}

/**
 * Whether this machine was restarted since, so that the process is certainly gone. Not decided for containers, because
 * two of the same image may share name and machine id on different machines, nor for a lock younger than this boot.
 */
function isOfEarlierBoot(owner: LockOwner, here: ReturnType<typeof processPlace>, clock: Clock): boolean {
  return (
    owner.boot !== null &&
    here.boot !== null &&
    owner.boot !== here.boot &&
    owner.host === hostname() &&
    owner.machine !== null &&
    owner.machine === here.machine &&
    owner.pidNamespace === initialPidNamespace &&
    here.pidNamespace === initialPidNamespace &&
    Date.parse(owner.date) < bootedAt(clock)
  )
}

function whereabouts(owner: LockOwner, here: ReturnType<typeof processPlace>): string {
  if (owner.host !== hostname()) return 'on another machine or in a container'
  if (owner.boot === null) return 'its lock does not say in which container or on which start of the machine'
  if (owner.boot === here.boot) return 'in another container or PID namespace'
  return 'in a container, on an earlier start of this machine, or on another machine of this name'
}
