import { stat } from 'node:fs/promises'
import path from 'node:path'
import { DataError } from '../../platform/errors.js'
import { firstBytes } from '../unpack.js'
import { shell } from '../unread/commands.js'
import { diskTree } from './disk-tree.js'
import { type FileTree, isLitter } from './file-tree.js'
import { tarTree } from './tar-tree.js'
import { withArchives } from './with-archives.js'
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

/** What Google Drive adds to the name of a folder whose archive it splits: `-20240101T000000Z-001.zip`. */
const drivePart = /-\d{8}T\d{6}Z(-\d+)+\.zip$/

/** Endings by which files in a folder are taken for archives. */
export const archiveEnding = /\.(zip|tar|tar\.gz|tgz)$/i

/**
 * Opens a folder or an archive (ZIP, tar or tar.gz). Archives in a folder without folders are read as folders. A path that
 * is neither is opened as a folder, and listing it reports the problem.
 *
 * @throws DataError for a damaged archive.
 */
export async function openTree(location: string): Promise<FileTree> {
  const found = await stat(location).catch(() => null)
  if (found?.isDirectory() === true) return openFolder(location)
  return (found?.isFile() === true ? await openArchive(location) : null) ?? diskTree(location)
}

async function openArchive(file: string): Promise<FileTree | null> {
  const kind = archiveKind(firstBytes(file, archiveMarkBytes)) ?? (/\.tar$/i.test(file) ? 'tar' : null)
  if (kind === null) return null
  return kind === 'zip' ? zipTree(file) : tarTree(file, kind === 'tar.gz')
}

async function openFolder(folder: string): Promise<FileTree> {
  const disk = diskTree(folder)
  const entries = await disk.list(folder).catch(() => [])
  // Folders beside an archive are likely to have been unpacked from it.
  if (entries.some(({ kind, name }) => kind === 'folder' && !isLitter(name))) return disk
  const parts = entries.filter(({ name }) => drivePart.test(name)).map(({ name }) => name)
  if (parts.length > 1) {
    const [first = ''] = parts
    const line = shell`for f in ${path.join(folder, first.replace(drivePart, ''))}-*.zip; do unzip "$f" -d ${`${folder}-unpacked`}; done`
    throw new DataError(
      `${folder}: it holds ${parts.length} parts of a download of Google Drive (${first}, ...), whose files belong together. Unpack ` +
        `them into one folder: ${line}`,
    )
  }
  const inner = new Map<string, FileTree>()
  try {
    for (const { kind, name } of entries) {
      if (kind !== 'file' || isLitter(name) || !archiveEnding.test(name)) continue
      const tree = await openArchive(path.join(folder, name))
      if (tree !== null) inner.set(name, tree)
    }
  } catch (error) {
    await Promise.all([...inner.values()].map((tree) => tree.close()))
    throw error
  }
  return inner.size === 0 ? disk : withArchives(disk, inner)
}
