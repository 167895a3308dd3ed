import { readdirSync } from 'node:fs'
import path from 'node:path'
import { removeQuietly } from '../platform/files.js'
import { processExists } from '../platform/processes.js'

/** `NAME.PID.UUID.tmp` of `writeFileAtomic`, and `lock.PID` and `lock.stale.PID` of older versions' `acquireLock`. */
const temporary = /\.(\d+)\.[0-9a-f-]{36}\.tmp$|^lock\.(?:stale\.)?(\d+)$/

/**
 * Removes the half-written files of processes that were killed in the middle of writing one. Those of living processes
 * stay: `fear-nas report` may be drawing, or another process asking for the lock.
 *
 * @returns their names.
 */
export function removeLeftovers(directory: string): readonly string[] {
  const leftovers = readdirSync(directory, { withFileTypes: true }).filter((entry) => {
    const [, writer, asker] = temporary.exec(entry.name) ?? []
    // This program writes plain files only: a link or a folder of such a name is somebody else's.
    if (!entry.isFile()) return false
    const pid = Number(writer ?? asker)
    // This process has written nothing here yet: such a file is of a dead one that had its id.
    return Number.isSafeInteger(pid) && (pid === process.pid || !processExists(pid))
  })
  const names = leftovers.map(({ name }) => name)
  // One that cannot be removed harms nobody.
  for (const name of names) removeQuietly(path.join(directory, name))
  return names
}
