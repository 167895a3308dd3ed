import { stat } from 'node:fs/promises'
import path from 'node:path'
import { DataError } from '../../platform/errors.js'
import { mostImageFileBytes } from '../limits.js'
import type { FileTree, TreeEntry } from './file-tree.js'

/** A file in an archive. */
export interface ArchivedFile {
  /** With `/` between folders. */
  readonly name: string
  readonly bytes: number
  start(length: number): Promise<Uint8Array>
  read(): Promise<Uint8Array>
}

/** Maximum nesting of folders in an archive. */
const mostFolders = 64

/**
 * The folders and files in an archive. If a name is there twice, the last one counts, as when it is unpacked.
 *
 * @throws DataError for a name that leads out of the archive, or too deep.
 */
export async function archiveTree(
  root: string,
  files: Iterable<ArchivedFile>,
  close: () => Promise<void>,
): Promise<FileTree> {
  const { size, mtimeMs, ctimeMs } = await stat(root)
  const byPath = new Map<string, ArchivedFile>()
  const folders = new Map<string, Map<string, TreeEntry>>([[path.normalize(root), new Map()]])
  for (const file of files) {
    const parts = file.name.split(/[/\\]/).filter((part) => part !== '' && part !== '.')
    if (parts.includes('..')) {
      throw new DataError(`${root}: the name ${JSON.stringify(file.name)} in it leads out of it. Pack it again.`)
    }
    const name = parts.pop()
    if (name === undefined) continue
    if (parts.length > mostFolders) {
      throw new DataError(`${root}: a file in it lies in ${parts.length} folders, and the limit is ${mostFolders}.`)
    }
    byPath.set(path.join(root, ...parts, name), file)
    entriesOf(path.join(root, ...parts)).set(name, { name, kind: 'file', isLink: false })
  }
  const find = (file: string): ArchivedFile => {
    const found = byPath.get(path.normalize(file))
    if (found === undefined) throw missing(file)
    if (found.bytes <= mostImageFileBytes) return found
    throw new DataError(`it has ${found.bytes} bytes, more than the limit of ${mostImageFileBytes}`)
  }
  return {
    root,
    async list(folder) {
      const entries = folders.get(path.normalize(folder))
      if (entries === undefined) throw missing(folder)
      return [...entries.values()]
    },
    real: async (file) => path.resolve(file),
    facts: async (file) => ({
      bytes: byPath.get(path.normalize(file))?.bytes ?? 0,
      version: [size, mtimeMs, ctimeMs],
    }),
    start: async (file, length) => find(file).start(length),
    read: async (file) => find(file).read(),
    close,
  }

  /** The entries of a folder, which is entered into those above it. */
  function entriesOf(folder: string): Map<string, TreeEntry> {
    const known = folders.get(folder)
    if (known !== undefined) return known
    const entries = new Map<string, TreeEntry>()
    folders.set(folder, entries)
    const name = path.basename(folder)
    entriesOf(path.dirname(folder)).set(name, { name, kind: 'folder', isLink: false })
    return entries
  }
}

function missing(file: string): Error {
  return Object.assign(new Error(`${file}: there is no such file in the archive`), { code: 'ENOENT' })
}
