import { stat } from 'node:fs/promises'
import { firstBytes } from '../unpack.js'
import { diskTree } from './disk-tree.js'
import type { FileTree } from './file-tree.js'
import { tarTree } from './tar-tree.js'
import { zipTree } from './zip-tree.js'

/** A kind of archive. */
export type ArchiveKind = 'zip' | 'tar' | 'tar.gz'

/** Far enough for the mark of a tar archive. */
export const archiveMarkBytes = 262

/** The kind of archive, by the start of a file; null: none that is read. What gzip packs may be anything. */
export function archiveKind(start: Uint8Array): ArchiveKind | null {
  const text = (from: number, to: number): string => Buffer.from(start.subarray(from, to)).toString('latin1')
  if (text(0, 4) === 'PK\x03\x04') return 'zip'
  if (text(0, 2) === '\x1f\x8b') return 'tar.gz'
  return text(257, 262) === 'ustar' ? 'tar' : null
}

/**
 * Opens a folder or an archive (ZIP, tar or tar.gz). A path that is neither is opened as a folder, and listing it reports
 * the problem.
 *
 * @throws DataError for a damaged archive.
 */
export async function openTree(location: string): Promise<FileTree> {
  const found = await stat(location).catch(() => null)
  if (found === null || !found.isFile()) return diskTree(location)
  const kind = archiveKind(firstBytes(location, archiveMarkBytes))
  if (kind === null) return diskTree(location)
  return kind === 'zip' ? zipTree(location) : tarTree(location, kind === 'tar.gz')
}
