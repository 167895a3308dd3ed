import { readdirSync } from 'node:fs'
import { readlink, stat } from 'node:fs/promises'
import path from 'node:path'
import { DataError } from '../../platform/errors.js'
import { pathWord } from '../../platform/shell.js'
import { firstBytes, openMaybeGzip } from '../unpack.js'
import { openZip } from '../zip.js'
import { archiveFormats, zipFormats } from './archive-formats.js'
import { arrayFormats } from './array-formats.js'
import { type FolderNames, unreadFolders } from './folder-formats.js'
import { mediaFormats } from './media-formats.js'
import { mishaps, textFormats } from './text-formats.js'
import { type FileStart, formatBytes, type UnreadFile } from './unread-file.js'

/** In the order in which they are tried: text is what is nothing else. */
const unreadFiles: readonly UnreadFile[] = [
  ...mishaps,
  ...arrayFormats,
  ...archiveFormats,
  ...mediaFormats,
  ...textFormats,
]

/** All formats that are recognised and not read, in words. */
export const unreadKinds: readonly string[] = [
  ...new Set([...unreadFiles, ...zipFormats, ...unreadFolders].map(({ is }) => is)),
]

/**
 * Refuses data in a format that is recognised, but not read. The same for `data check` and for a run.
 *
 * @throws DataError `PATH: it is WHAT. How to convert it, with a line to paste.`
 */
export async function refuseUnread(location: string): Promise<void> {
  const found = await stat(location).catch(() => null)
  if (found === null) {
    const target = await readlink(location).catch(() => null)
    if (target === null) return
    throw new DataError(
      `${location}: it is a link to ${target}, which does not exist. Correct the link, or name the data.`,
    )
  }
  const unread = found.isDirectory() ? unreadFolder(location) : found.isFile() ? await unreadFile(location) : null
  if (unread !== null) throw new DataError(`${location}: ${unread}`)
}

/** `it is an HDF5 file. Convert it...`, for a plain file; null if its format is read or unknown, or it cannot be opened. */
export async function unreadFile(file: string): Promise<string | null> {
  let start: FileStart
  try {
    start = startOf(path.basename(file), firstBytes(file, formatBytes))
  } catch {
    // Whatever reads it reports the problem.
    return null
  }
  if (start.text.startsWith('PK\x03\x04')) return unreadZip(file)
  if (start.text.startsWith('\x1f\x8b')) return unreadGzip(file)
  const format = formatOf(start)
  return format === undefined ? null : sentences(format, file)
}

const startOf = (name: string, bytes: Uint8Array): FileStart => ({
  name: name.toLowerCase(),
  bytes,
  text: Buffer.from(bytes).toString('latin1'),
})
const formatOf = (start: FileStart): UnreadFile | undefined => unreadFiles.find(({ matches }) => matches(start))
const sentences = ({ is, next }: Pick<UnreadFile, 'is' | 'next'>, file: string): string => `it is ${is}. ${next(file)}`

async function unreadZip(file: string): Promise<string | null> {
  const zip = await openZip(file).catch(() => null)
  if (zip === null) return null
  await zip.close()
  const format = zipFormats.find(({ holds }) => zip.entries.some(({ name }) => holds.test(name)))
  return format === undefined ? null : sentences(format, file)
}

/** Archives and IDX files are read packed; a single other file is not. */
async function unreadGzip(file: string): Promise<string | null> {
  const { reader } = openMaybeGzip(file)
  try {
    const start = startOf(path.basename(file), await reader.read(formatBytes))
    const format = formatOf({ ...start, name: start.name.replace(/\.gz$/, '') })
    if (format === undefined || start.bytes.length === 0) return null
    if (format.isPacked) return sentences(format, file)
    return `it is ${format.is}, packed by gzip. Unpack it, then check it again: gunzip -k ${pathWord(file)}`
  } catch {
    // Cut off or damaged, which is reported when it is read.
    return null
  } finally {
    await reader.close()
  }
}

/** Maximum number of folders around a data set to enter, as in `VOCdevkit/VOC2012`. */
const mostOuter = 3

function unreadFolder(folder: string, levels = mostOuter): string | null {
  const names = namesIn(folder)
  const format = unreadFolders.find(({ matches }) => matches(names))
  if (format !== undefined)
    return `it is ${format.is}. ${format.next(path.normalize(folder).replace(/(?<=.)\/$/, ''), names)}`
  const [only] = names.all
  if (only === undefined || names.all.length > 1 || levels === 0) return null
  return unreadFolder(path.join(folder, only), levels - 1)
}

function namesIn(folder: string): FolderNames {
  return { all: visible(folder), within: (name) => visible(path.join(folder, name)) }
}

function visible(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => !name.startsWith('.'))
      .sort()
  } catch {
    return []
  }
}
