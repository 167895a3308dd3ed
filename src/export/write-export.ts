import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { ExportError, RunDirectoryError } from '../platform/errors.js'
import { syncFolder, writeFileAtomic } from '../platform/files.js'
import { makeDirectory } from '../platform/make-directory.js'
import { systemRefusalOf } from '../platform/system-refusal.js'
import { either, placing, worded } from '../platform/wording.js'
import { type CheckImages, checkExport, type ExportCheck, type Original } from './check-export.js'
import type { ExportFormat } from './export-format.js'
import type { PortableNetwork } from './portable-network.js'
import { readme } from './readme.js'
import { beginExport } from './unfinished.js'

/** Where an export goes. */
export interface Destination {
  readonly directory: string
  /** Whether files of an earlier export may be replaced. */
  readonly replace: boolean
}

/** What was written, and how it was checked. */
export interface WrittenExport {
  readonly directory: string
  readonly files: readonly string[]
  readonly check: ExportCheck
}

/**
 * Checks, without writing anything, that there is a place for an export.
 *
 * @throws RunDirectoryError if the folder holds files that are not to be replaced, or is a file.
 */
export function checkDestination({ directory, replace }: Destination): void {
  if (!existsSync(directory)) return
  if (!statSync(directory).isDirectory()) {
    throw new RunDirectoryError(worded`${directory} is a file. Name a folder with ${placing()}.`)
  }
  if (replace || readdirSync(directory).length === 0) return
  throw new RunDirectoryError(
    worded`${directory} already holds files. Name another folder with ${placing()}, or replace them with ${either('replace: true', '--replace')}.`,
  )
}

/**
 * Writes a network in a format, reads the files again and compares their predictions with the original's. The files are
 * written to a folder beside the wanted one, which gets its name only if the check succeeds. If the process is killed, that
 * folder stays until the next export of the same name.
 *
 * @throws ExportError if predictions differ: then no file is left; RunDirectoryError if the folder cannot be written.
 */
export async function writeExport(
  format: ExportFormat,
  network: PortableNetwork,
  original: Original,
  images: CheckImages,
  destination: Destination,
  onProgress?: (share: number) => void,
): Promise<WrittenExport> {
  const { directory } = destination
  checkDestination(destination)
  const unfinished = explaining(directory, () => {
    makeDirectory(path.dirname(path.resolve(directory)))
    return beginExport(directory)
  })
  const { folder } = unfinished
  try {
    const files = format.files(network)
    explaining(directory, () => {
      for (const [name, bytes] of Object.entries(files)) writeFileAtomic(path.join(folder, name), bytes)
    })
    const opened = format.open(folder, network)
    const check = await checkExport(opened, original, images, onProgress).finally(() => opened.close?.())
    explaining(directory, () => {
      writeFileAtomic(path.join(folder, 'README.md'), readme(format, network, check))
      unfinished.release()
      move(folder, directory)
    })
    return { directory, files: [...Object.keys(files), 'README.md'], check }
  } catch (error) {
    if (error instanceof ExportError) throw new ExportError(`${format.title}: ${error.message}`, { cause: error })
    throw error
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Into a folder that exists its files go one by one: what else it holds stays. */
function move(temporary: string, directory: string): void {
  if (existsSync(directory)) {
    for (const name of readdirSync(temporary)) renameSync(path.join(temporary, name), path.join(directory, name))
    syncFolder(directory)
  } else renameSync(temporary, directory)
  syncFolder(path.dirname(path.resolve(directory)))
}

function explaining<T>(directory: string, operation: () => T): T {
  try {
    return operation()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    const { reason, step } = systemRefusalOf(code)
    throw new RunDirectoryError(`${directory} cannot be written: ${reason}. ${step}, or name another folder.`, {
      cause: error,
    })
  }
}
