import { existsSync, readFileSync } from 'node:fs'
import { type Clock, systemClock } from './clock.js'

/** Absent from Node before 22.19. */
type ThreadCpuUsage = () => { readonly user: number; readonly system: number }

/** Linux: nanoseconds of CPU time, nanoseconds waiting, and time slices, always of the reading thread. */
const schedulerStatistics = '/proc/thread-self/schedstat'

/**
 * A clock of the calling thread's CPU time, which does not depend on other work on the machine. It does not include
 * work that other threads or a GPU do for this one.
 *
 * @returns null if neither Node nor the system supports it.
 */
export function threadCpuClock(): Clock | null {
  const seconds = fromNode() ?? fromLinux()
  return seconds === null ? null : { now: seconds, date: () => systemClock.date() }
}

function fromNode(): (() => number) | null {
  const usage = (process as { readonly threadCpuUsage?: ThreadCpuUsage }).threadCpuUsage
  if (usage === undefined) return null
  return () => {
    const { user, system } = usage()
    return (user + system) / 1e6
  }
}

function fromLinux(): (() => number) | null {
  if (!existsSync(schedulerStatistics)) return null
  return () => Number(readFileSync(schedulerStatistics, 'latin1').split(' ', 1)[0]) / 1e9
}
