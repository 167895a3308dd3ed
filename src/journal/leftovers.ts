import { readdirSync } from 'node:fs'
import path from 'node:path'
import { removeQuietly } from '../platform/files.js'
import { processExists } from '../platform/processes.js'

/** `NAME.PID.UUID.tmp` of `writeFileAtomic`, and `lock.PID` and `lock.stale.PID` of older versions' `acquireLock`. */
const temporary = /\.(\d+)\.[0-9a-f-]{36}\.tmp$|^lock\.(?:stale\.)?(\d+)$/

/**
 * Removes half-written files of killed processes. Those of running processes stay: `fear-nas report` may be writing, or
 * another process may be taking the lock.
 *
 * @returns their names.
 */
export function removeLeftovers(directory: string): readonly string[] {
  const leftovers = readdirSync(directory, { withFileTypes: true }).filter((entry) => {
    const [, writer, asker] = temporary.exec(entry.name) ?? []
    // This program writes plain files only: a link or folder with such a name is not its own.
    if (!entry.isFile()) return false
    const pid = Number(writer ?? asker)
    // This process has written nothing here yet, so the file belongs to a dead process with the same id.
    return Number.isSafeInteger(pid) && (pid === process.pid || !processExists(pid))
  })
  const names = leftovers.map(({ name }) => name)
  // A file that cannot be removed does no harm.
  for (const name of names) removeQuietly(path.join(directory, name))
  return names
}
