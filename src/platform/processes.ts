import { readFileSync, readlinkSync } from 'node:fs'
import { uptime } from 'node:os'
import type { Clock } from './clock.js'

/** Whether a process with this id is there on this machine; it may be another one than once had it. */
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
 * Tells a process from a later one with the same id: the boot of the machine and when in it the process began. Null
 * where the system does not tell (it takes Linux's /proc), or for a process that is gone.
 */
export function processIdentity(pid: number): string | null {
  try {
    // A /proc that was mounted for another PID namespace has other processes under the same numbers.
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

/** Where a process id means something. All null where the system does not tell (it takes Linux's /proc). */
export interface ProcessPlace {
  /** Of this start of the kernel: no two machines and no two boots have the same. */
  readonly boot: string | null
  /**
   * Of the numbering of processes, such as `pid:[4026531836]`: a container has its own. Another namespace may get the
   * name of one that is gone, but none while a process of it lives.
   */
  readonly pidNamespace: string | null
  /** Of the installed system, kept over boots. Containers of one image may share it. */
  readonly machine: string | null
}

export function processPlace(): ProcessPlace {
  return { boot: bootId(), pidNamespace: pidNamespace(), machine: textOf('/etc/machine-id') }
}

/** The namespace of processes that are in no container: the kernel gives it a fixed number. */
export const initialPidNamespace = 'pid:[4026531836]'

/** When this machine was started, in milliseconds since 1970, by its clock of today. */
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
