import { DataError } from '../../platform/errors.js'
import { openZip } from '../zip.js'
import { archiveTree } from './archive-tree.js'
import type { FileTree } from './file-tree.js'

/**
 * The folders and files in a ZIP archive. Each file is unpacked when it is read.
 *
 * @throws DataError for a file that is no such archive or is damaged.
 */
export async function zipTree(file: string): Promise<FileTree> {
  const zip = await openZip(file).catch((cause: unknown) => {
    if (!(cause instanceof DataError)) throw cause
    throw new DataError(`${file}: ${cause.message}. Download or pack it again.`, { cause })
  })
  const files = zip.entries
    .filter(({ name }) => !/[/\\]$/.test(name))
    .map((entry) => ({
      name: entry.name,
      bytes: entry.size,
      start: (length: number) => zip.start(entry, length),
      read: () => zip.read(entry),
    }))
  return archiveTree(file, files, () => zip.close())
}
