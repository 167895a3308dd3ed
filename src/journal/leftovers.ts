import { readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { processExists } from '../platform/processes.js'

/** `NAME.PID.UUID.tmp` of `writeFileAtomic`, and `lock.PID` and `lock.stale.PID` of `acquireLock`. */
const temporary = /\.(\d+)\.[0-9a-f-]{36}\.tmp$|^lock\.(?:stale\.)?(\d+)$/

/**
 * Removes the half-written files of processes that were killed in the middle of writing one. Those of living processes
 * stay: `fear-nas report` may be drawing, or another process asking for the lock.
 *
 * @returns their names.
 */
export function removeLeftovers(directory: string): readonly string[] {
  const leftovers = readdirSync(directory).filter((name) => {
    const [, writer, asker] = temporary.exec(name) ?? []
    const pid = Number(writer ?? asker)
    // This process has written nothing here yet: such a file is of a dead one that had its id.
    return Number.isSafeInteger(pid) && (pid === process.pid || !processExists(pid))
  })
  for (const name of leftovers) rmSync(path.join(directory, name), { force: true })
  return leftovers
}
