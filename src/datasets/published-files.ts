import { stat } from 'node:fs/promises'
import path from 'node:path'
import { createGunzip } from 'node:zlib'
import { ConfigError, DataError } from '../platform/errors.js'
import { messageOf } from '../platform/message-of.js'
import { FileKindError, readPlainFile, streamPlainFile } from '../platform/plain-file.js'
import type { LoadHooks } from './raw-images.js'
import { readTar, type TarFile } from './tar.js'
import { UnpackingBudget, unpackedChunks } from './unpack.js'

/** A published data set: a `.tar.gz` archive of a folder of files. */
export interface PublishedFiles {
  /** The name by which a configuration chooses the data set. */
  readonly dataset: string
  /** Display name, such as `CIFAR-10`. */
  readonly title: string
  readonly folder: string
  readonly archive: string
  /** The files that are needed. */
  readonly files: readonly string[]
  /** An upper limit for their length. */
  readonly mostFileBytes: number
  /** Where to get the files; appended to every error. */
  readonly getIt: string
}

type FoundFile = Pick<TarFile, 'name' | 'bytes'>

/** The decoded files of a data set, and where they were found. */
export interface FoundFiles<T> {
  readonly source: string
  /** @throws DataError if the archive does not contain it. */
  of(name: string): T
}

/**
 * Reads the files of a data set one at a time, so that only one of them and the results of `decode` are in memory.
 *
 * @param location the archive, the folder, or a folder that holds either; the folder may have been renamed.
 * @throws ConfigError without a location.
 * @throws DataError for a location or file that does not exist, and a damaged archive.
 */
export async function readPublishedFiles<T>(
  published: PublishedFiles,
  location: string | undefined,
  hooks: LoadHooks,
  decode: (bytes: Uint8Array, name: string, source: string) => T,
): Promise<FoundFiles<T>> {
  const { dataset, title, files, getIt } = published
  if (location === undefined) throw new ConfigError(`${dataset} needs data.path. ${getIt}`)
  const startedAt = hooks.clock?.now()
  const { kind, path: source } = await locate(location, published)
  const decoded = new Map<string, T>()
  const found = kind === 'folder' ? readFolder(source, published, hooks) : readArchive(source, published, hooks)
  for await (const { name, bytes } of found) decoded.set(name, decode(bytes, name, source))
  const missing = files.find((name) => !decoded.has(name))
  if (missing !== undefined) throw new DataError(`${source} does not contain ${missing}. ${getIt}`)
  const seconds =
    hooks.clock === undefined || startedAt === undefined ? '' : ` in ${(hooks.clock.now() - startedAt).toFixed(1)} s`
  hooks.onProgress?.(1, `${title} read${seconds}`)
  return { source, of: (name) => decoded.get(name) as T }
}

interface Located {
  readonly kind: 'folder' | 'archive'
  readonly path: string
}

async function locate(location: string, { folder, archive, getIt }: PublishedFiles): Promise<Located> {
  const kind = await kindOf(location)
  if (kind === 'file') return { kind: 'archive', path: location }
  if (kind === null) throw new DataError(`${location} does not exist. ${getIt}`)
  if (path.basename(path.resolve(location)) === folder) return { kind: 'folder', path: location }
  const inner = path.join(location, folder)
  if ((await kindOf(inner)) === 'folder') return { kind: 'folder', path: inner }
  const packed = path.join(location, archive)
  if ((await kindOf(packed)) === 'file') return { kind: 'archive', path: packed }
  // A renamed folder; missing files in it are reported.
  return { kind: 'folder', path: location }
}

async function kindOf(location: string): Promise<'file' | 'folder' | null> {
  const found = await stat(location).catch(() => null)
  if (found === null) return null
  return found.isDirectory() ? 'folder' : 'file'
}

async function* readFolder(
  folder: string,
  { files, mostFileBytes, getIt, title }: PublishedFiles,
  { onProgress }: LoadHooks,
): AsyncGenerator<FoundFile> {
  for (const [i, name] of files.entries()) {
    const file = path.join(folder, name)
    const bytes = readWanted(file, mostFileBytes, getIt)
    onProgress?.(i / files.length, `reading ${title}: ${name}`)
    yield { name, bytes }
  }
}

function readWanted(file: string, mostBytes: number, getIt: string): Uint8Array {
  try {
    return readPlainFile(file, { mostBytes })
  } catch (cause) {
    if (cause instanceof FileKindError) throw new DataError(`${cause.message} ${getIt}`, { cause })
    const { code } = cause as NodeJS.ErrnoException
    const what = code === 'ENOENT' ? 'is not there' : `cannot be read (${code})`
    throw new DataError(`${file} ${what}. ${getIt}`, { cause })
  }
}

async function* readArchive(
  archive: string,
  { files, mostFileBytes, getIt, title }: PublishedFiles,
  { onProgress }: LoadHooks,
): AsyncGenerator<FoundFile> {
  const { stream, bytes: size } = streamPlainFile(archive)
  const unpacked = unpackedChunks(stream, createGunzip({ chunkSize: 1 << 20 }))
  const wants = (name: string): boolean => files.includes(path.posix.basename(name))
  const entries = readTar(unpacked, { wants, mostFileBytes, budget: new UnpackingBudget(size) })
  const next = (): Promise<IteratorResult<FoundFile>> =>
    entries.next().catch((cause: unknown) => {
      const reason = messageOf(cause).replace(/\.$/, '')
      throw new DataError(`${archive} cannot be read as a .tar.gz archive (${reason}). ${getIt}`, { cause })
    })
  try {
    for (let entry = await next(); entry.done !== true; entry = await next()) {
      const name = path.posix.basename(entry.value.name)
      onProgress?.(Math.min(1, stream.bytesRead / size), `reading ${title}: ${name}`)
      if (wants(name)) yield { name, bytes: entry.value.bytes }
    }
  } finally {
    await unpacked.return(undefined)
  }
}
