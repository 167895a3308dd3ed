import path from 'node:path'
import type { FileTree } from './file-tree.js'

/** A folder on disk in which archives, by their names, are folders. Closing it closes them. */
export function withArchives(disk: FileTree, archives: ReadonlyMap<string, FileTree>): FileTree {
  const at = (file: string): FileTree => {
    const [name = ''] = path.relative(disk.root, file).split(path.sep)
    return archives.get(name) ?? disk
  }
  return {
    root: disk.root,
    async list(folder) {
      const tree = at(folder)
      const entries = await tree.list(folder)
      if (tree !== disk) return entries
      return entries.map((entry) => (archives.has(entry.name) ? { ...entry, kind: 'folder' } : entry))
    },
    real: (file) => at(file).real(file),
    facts: (file) => at(file).facts(file),
    start: (file, length) => at(file).start(file, length),
    read: (file) => at(file).read(file),
    async close() {
      await Promise.all([...archives.values()].map((tree) => tree.close()))
    },
  }
}
