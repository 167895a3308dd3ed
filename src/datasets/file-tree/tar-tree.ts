import { close, writeSync } from 'node:fs'
import { promisify } from 'node:util'
import { createGunzip } from 'node:zlib'
import { cacheFolder } from '../../platform/cache-folder.js'
import { DataError } from '../../platform/errors.js'
import { messageOf } from '../../platform/message-of.js'
import { openPlainFile, streamPlainFile } from '../../platform/plain-file.js'
import { readAt } from '../../platform/read-at.js'
import { openScratchFile } from '../../platform/scratch-file.js'
import { mostArchivedFiles } from '../limits.js'
import { readTar } from '../tar.js'
import { UnpackingBudget, unpackedChunks } from '../unpack.js'
import { type ArchivedFile, archiveTree } from './archive-tree.js'
import type { FileTree } from './file-tree.js'

const closeDescriptor = promisify(close)

/**
 * The folders and files in a tar archive, which may be packed by gzip. A packed one is unpacked into a file of the cache
 * folder that goes when the tree is closed, since files in it are read more than once.
 *
 * @throws DataError for a file that is no such archive, is damaged, or unpacks to too much.
 */
export async function tarTree(file: string, isPacked: boolean): Promise<FileTree> {
  const { stream, bytes } = streamPlainFile(file)
  const descriptor = isPacked ? openScratchFile(cacheFolder()) : openPlainFile(file)
  const chunks = isPacked ? kept(unpackedChunks(stream, createGunzip({ chunkSize: 1 << 20 })), descriptor) : stream
  const budget = new UnpackingBudget(bytes)
  const files: ArchivedFile[] = []
  try {
    const options = { wants: () => false, mostFileBytes: 0, mostEntries: mostArchivedFiles, budget }
    for await (const { name, size, offset } of readTar(chunks, options)) {
      files.push({
        name,
        bytes: size,
        start: (length) => readPiece(descriptor, offset, Math.min(size, length)),
        read: () => readPiece(descriptor, offset, size),
      })
    }
  } catch (cause) {
    await closeDescriptor(descriptor)
    stream.destroy()
    const kind = isPacked ? '.tar.gz' : '.tar'
    const reason = messageOf(cause).replace(/\.$/, '')
    throw new DataError(`${file}: it cannot be read as a ${kind} archive (${reason}). Download or pack it again.`, {
      cause,
    })
  }
  return archiveTree(file, files, () => closeDescriptor(descriptor))
}

/** The chunks, each after it is written to a file. */
async function* kept(chunks: AsyncIterable<Uint8Array>, descriptor: number): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    for (let written = 0; written < chunk.length; ) written += writeSync(descriptor, chunk, written)
    yield chunk
  }
}

async function readPiece(descriptor: number, offset: number, length: number): Promise<Uint8Array> {
  const bytes = Buffer.alloc(length)
  if (await readAt(descriptor, bytes, offset)) return bytes
  throw new DataError('the archive ends too early')
}
