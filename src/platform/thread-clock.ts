import { existsSync, readFileSync } from 'node:fs'
import { type Clock, systemClock } from './clock.js'

/** Absent from Node before 22.19. */
type ThreadCpuUsage = () => { readonly user: number; readonly system: number }

/** Of Linux: nanoseconds on a processor, nanoseconds waiting for one, and slices. Always that of the thread that reads. */
const schedulerStatistics = '/proc/thread-self/schedstat'

/**
 * A clock that runs while the calling thread has a processor, and stands still while it waits for one: it tells the
 * work of a thread whatever else the machine does. What other threads or a GPU do for this one is not seen.
 *
 * @returns null where neither Node nor the system can say.
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
