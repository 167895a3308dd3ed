import { randomUUID } from 'node:crypto'
import { closeSync, fsyncSync, lstatSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { FearNasError } from './errors.js'
import { notPlain } from './plain-file.js'

/**
 * Writes a whole file so that a reader sees the old content or the new, never a part, whatever happens in between:
 * bytes go to a temporary file beside it, onto the disk, and then take the name. Any number of threads and processes
 * may write the same file at once; the last one wins.
 *
 * @throws FileKindError where the name is that of a folder, a pipe or a device, which would be lost; else the system's
 * error (ENOSPC, EACCES, ...). No temporary file is left behind.
 */
export function writeFileAtomic(file: string, content: string | Uint8Array): void {
  const present = lstatSync(file, { throwIfNoEntry: false })
  // A link is replaced, and what it leads to is left alone.
  if (present !== undefined && !present.isFile() && !present.isSymbolicLink()) throw notPlain(file, present)
  // With the process's id, so that what a killed one leaves can be told from a file that is being written.
  const temporary = `${file}.${process.pid}.${randomUUID()}.tmp`
  try {
    const descriptor = openSync(temporary, 'wx')
    try {
      writeFileSync(descriptor, content)
      // Without this a power cut could leave the new name on an empty file.
      syncFile(descriptor)
    } finally {
      closeSync(descriptor)
    }
    renameSync(temporary, file)
    syncFolder(path.dirname(file))
  } catch (error) {
    removeQuietly(temporary)
    throw error
  }
}

/** Removes a file if that can be done; for the end of work, where another failure counts, or none. */
export function removeQuietly(file: string): void {
  try {
    rmSync(file, { force: true })
  } catch {}
}

/**
 * Makes names created or renamed in a folder durable, where the system lets it: Windows does not, nor do some file
 * systems of networks and sticks, nor a folder that may be written to and not read.
 */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  try {
    const descriptor = openSync(folder, 'r')
    try {
      syncFile(descriptor)
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    if (!refusesSync(error)) throw error
  }
}

function syncFile(descriptor: number): void {
  try {
    fsyncSync(descriptor)
  } catch (error) {
    if (!refusesSync(error)) throw error
  }
}

/** Whether a file system has said that it cannot bring this onto the disk on request, rather than that the disk failed. */
export function refusesSync(error: unknown): boolean {
  const { code = '' } = error as NodeJS.ErrnoException
  return ['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EACCES', 'EPERM', 'EISDIR'].includes(code)
}

/** The folder of this package: the nearest one above this file, or `file`, whose package.json is named fear-nas. */
export function packageRoot(file: string = fileURLToPath(import.meta.url)): string {
  let folder = path.dirname(file)
  while (!isFearNas(path.join(folder, 'package.json'))) {
    const parent = path.dirname(folder)
    if (parent === folder) {
      throw new FearNasError(`no package.json named fear-nas lies above ${file}. Install fear-nas again.`)
    }
    folder = parent
  }
  return folder
}

function isFearNas(packageJson: string): boolean {
  try {
    return (JSON.parse(readFileSync(packageJson, 'utf8')) as { name?: unknown }).name === 'fear-nas'
  } catch {
    return false
  }
}
