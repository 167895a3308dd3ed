import { readFileSync } from 'node:fs'

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
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is the program's name in parentheses, which may hold anything; the start time is the 22nd.
    const startTicks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
    return startTicks === undefined ? null : `${boot}/${startTicks}`
  } catch {
    return null
  }
}
