import type { Dirent } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import { readPlainFile } from '../../platform/plain-file.js'
import { mostImageFileBytes } from '../limits.js'
import { firstBytes } from '../unpack.js'
import type { FileTree } from './file-tree.js'

const limit = { mostBytes: mostImageFileBytes }

/** The folders and files below a folder on disk. Anything but a plain file is refused when it is read. */
export function diskTree(root: string): FileTree {
  return {
    root,
    async list(folder) {
      const entries = await readdir(folder, { withFileTypes: true })
      return Promise.all(
        entries.map(async (entry) => ({
          name: entry.name,
          kind: await kindOf(folder, entry),
          isLink: entry.isSymbolicLink(),
        })),
      )
    },
    real: (file) => realpath(file),
    async facts(file) {
      const { size, mtimeMs, ctimeMs } = await stat(file).catch(() => ({ size: 0, mtimeMs: 0, ctimeMs: 0 }))
      return { bytes: size, version: [size, mtimeMs, ctimeMs] }
    },
    start: async (file, length) => firstBytes(file, length, limit),
    read: async (file) => readPlainFile(file, limit),
    close: () => Promise.resolve(),
  }
}

async function kindOf(folder: string, entry: Dirent): Promise<'folder' | 'file' | 'special'> {
  if (entry.isFile()) return 'file'
  if (entry.isDirectory()) return 'folder'
  const target = entry.isSymbolicLink() ? await stat(path.join(folder, entry.name)).catch(() => null) : entry
  if (target === null || target.isFile()) return 'file'
  return target.isDirectory() ? 'folder' : 'special'
}
