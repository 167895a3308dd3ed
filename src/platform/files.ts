import { randomUUID } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { FearNasError } from './errors.js'
import { notPlain } from './plain-file.js'

/**
 * Writes a file atomically: a reader sees the old content or the new, never a part. The bytes go to a temporary file in
 * the same folder, are flushed to disk, and the file is then renamed. Several threads and processes may write the same
 * file at the same time; the last one wins.
 *
 * @throws FileKindError if the name is that of a folder, a pipe or a device, which would be lost; otherwise the
 * system's error (ENOSPC, EACCES, ...). No temporary file is left.
 */
export function writeFileAtomic(file: string, content: string | Uint8Array): void {
  const present = lstatSync(file, { throwIfNoEntry: false })
  // A link is replaced; its target is not changed.
  if (present !== undefined && !present.isFile() && !present.isSymbolicLink()) throw notPlain(file, present)
  // Includes the process id, so that leftovers of a killed process can be told from files that are being written.
  const temporary = `${file}.${process.pid}.${randomUUID()}.tmp`
  try {
    const descriptor = openSync(temporary, 'wx')
    try {
      writeFileSync(descriptor, content)
      // Without this a power failure could leave an empty file under the new name.
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

/** Removes a file if possible and ignores errors. */
export function removeQuietly(file: string): void {
  try {
    rmSync(file, { force: true })
  } catch {}
}

/**
 * Makes names created or renamed in a folder durable, if the system supports it: Windows does not, some network and
 * removable file systems do not, and an unreadable folder does not.
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

/** Whether the error means that the file system does not support fsync here, rather than that the disk failed. */
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
      throw new FearNasError(`no package.json named fear-nas is above ${file}. Install fear-nas again.`)
    }
    folder = parent
  }
  return folder
}

/** Whether this package is a clone of the repository, which has a Makefile, rather than an installed package. */
export function isClone(): boolean {
  return existsSync(path.join(packageRoot(), 'Makefile'))
}

/** What to do where a file of this package is missing, in a sentence. */
export function repairAdvice(): string {
  return isClone() ? 'Run "make build".' : 'Install fear-nas again.'
}

function isFearNas(packageJson: string): boolean {
  try {
    return (JSON.parse(readFileSync(packageJson, 'utf8')) as { name?: unknown }).name === 'fear-nas'
  } catch {
    return false
  }
}
