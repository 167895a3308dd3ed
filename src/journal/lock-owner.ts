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
  /** When it was taken, ISO 8601. */
  date: z.string().max(100).default(''),
  /** Tells the process from a later one with its id. */
  identity: text,
  boot: text,
  pidNamespace: text,
  machine: text,
  /** Tells this lock from every other one. */
  token: text,
})

/** Who drives a run: a process, and where its id means something. */
export type LockOwner = Readonly<z.infer<typeof ownerSchema>>

/** The tokens of the locks that this very process holds: the same process id may have belonged to a process that is dead. */
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

/** What lies at the path of a lock: its owner, or a file that is no lock and the seconds since it was last written. */
export type LockContents = { readonly owner: LockOwner } | { readonly owner: null; readonly seconds: number }

const mostBytes = 1 << 16

/**
 * Reads a lock; null if there is none. Links are not followed.
 *
 * @throws FileKindError for what is no plain file; the system's error where it cannot be read, ELOOP for a link.
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

/** Whether a process lives, and for one that cannot be asked from here, where it is. */
export type Liveness = { readonly alive: boolean } | { readonly alive: null; readonly where: string }

/**
 * Whether the owner of a lock lives. A process can be asked by its id where that means something: on the same boot of
 * the same kernel, in the same PID namespace. On systems without these, a host is known by its name alone.
 */
export function livenessOf(owner: LockOwner, clock: Clock): Liveness {
  const here = processPlace()
  const hasPlaces = here.boot !== null && here.pidNamespace !== null
  const isHere = hasPlaces
    ? owner.boot === here.boot && owner.pidNamespace === here.pidNamespace
    : owner.boot === null && owner.pidNamespace === null && owner.host === hostname()
  if (isHere) return { alive: livesHere(owner) }
  // No two processes of a boot have one identity and one id; absent from the locks of older versions: their namespace.
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
 * Whether this very machine was started again since: no process of then lives. Containers do not count, as two of one
 * image may have one name and one machine id on two machines; neither does a lock that is younger than this boot.
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
