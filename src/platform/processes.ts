import { readFileSync, readlinkSync } from 'node:fs'
import { uptime } from 'node:os'
import type { Clock } from './clock.js'

/** Whether a process with this id exists on this machine; it may not be the one that had the id before. */
export function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it exists and belongs to someone else.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/**
 * Distinguishes a process from a later one with the same id: the boot of the machine and the start time of the process.
 * Null without Linux's /proc, or if the process is gone.
 */
export function processIdentity(pid: number): string | null {
  try {
    // A /proc of another PID namespace has other processes under the same ids.
    if (readlinkSync('/proc/self') !== String(process.pid)) return null
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is the program's name in parentheses, which may hold anything; the start time is the 22nd.
    const startTicks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
    const boot = bootId()
    return startTicks === undefined || boot === null ? null : `${boot}/${startTicks}`
  } catch {
    return null
  }
}

/** Where a process id is valid. All null without Linux's /proc. */
export interface ProcessPlace {
  /** Id of this boot; unique across machines and boots. */
  readonly boot: string | null
  /**
   * The PID namespace, such as `pid:[4026531836]`: a container has its own. The name may be reused when all processes
   * of the namespace are gone.
   */
  readonly pidNamespace: string | null
  /** Id of the installed system, kept across boots. Containers of the same image may share it. */
  readonly machine: string | null
}

export function processPlace(): ProcessPlace {
  return { boot: bootId(), pidNamespace: pidNamespace(), machine: textOf('/etc/machine-id') }
}

/** The namespace of processes outside containers; the kernel gives it a fixed number. */
export const initialPidNamespace = 'pid:[4026531836]'

/** Boot time of this machine, in milliseconds since 1970, by its current clock. */
export function bootedAt(clock: Clock): number {
  return Date.parse(clock.date()) - 1000 * uptime()
}

function bootId(): string | null {
  return textOf('/proc/sys/kernel/random/boot_id')
}

function pidNamespace(): string | null {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return null
  }
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim() || null
  } catch {
    return null
  }
}
