import { createGunzip } from 'node:zlib'
import { streamPlainFile } from '../platform/plain-file.js'
import { readTar } from './tar.js'
import { UnpackingBudget, unpackedChunks } from './unpack.js'

/**
 * The names of the files in a `.tar.gz` archive, as they are unpacked, without their contents.
 *
 * @throws FileKindError at once for anything but a plain file; DataError or the system's error, while it is read, for one
 * that is no such archive or is damaged.
 */
export function archiveNames(file: string): AsyncGenerator<string> {
  const { stream, bytes } = streamPlainFile(file)
  const unpacked = unpackedChunks(stream, createGunzip({ chunkSize: 1 << 20 }))
  return namesIn(unpacked, new UnpackingBudget(bytes))
}

async function* namesIn(unpacked: AsyncGenerator<Uint8Array>, budget: UnpackingBudget): AsyncGenerator<string> {
  try {
    for await (const { name } of readTar(unpacked, { wants: () => false, mostFileBytes: 0, budget })) yield name
  } finally {
    await unpacked.return(undefined)
  }
}
