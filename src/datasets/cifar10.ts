import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { ConfigError, DataError } from '../platform/errors.js'
import type { Split } from './dataset.js'
import type { LoadHooks, RawImages } from './raw-images.js'
import { readTar } from './tar.js'

const folderName = 'cifar-10-batches-bin'
const archiveName = 'cifar-10-binary.tar.gz'
const metaFile = 'batches.meta.txt'
const trainFiles = [1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.bin`)
const testFile = 'test_batch.bin'
const neededFiles = [metaFile, ...trainFiles, testFile]

const classes = 10
const side = 32
const pixelsPerImage = 3 * side * side
/** A label, then the red, the green and the blue plane. */
const recordBytes = 1 + pixelsPerImage
const recordsPerFile = 10_000
const getIt = `Give the archive ${archiveName} from https://www.cs.toronto.edu/~kriz/cifar.html, or the folder unpacked from it.`

/**
 * CIFAR-10 (Krizhevsky 2009), the binary version: 50,000 + 10,000 colour images of 32x32 in ten classes, in the
 * order of the numbered files.
 *
 * @param location the archive `cifar-10-binary.tar.gz`, the folder `cifar-10-batches-bin`, or a folder that holds either.
 * @throws ConfigError without a location.
 * @throws DataError for a missing file, a damaged archive, a wrong size or a label out of range.
 */
export async function loadCifar10(location: string | undefined, hooks: LoadHooks): Promise<RawImages> {
  if (location === undefined) throw new ConfigError(`cifar10 needs data.path. ${getIt}`)
  const found = await locate(location)
  const files = found.kind === 'folder' ? await readFolder(found.path) : await readArchive(found.path, hooks)
  const bytesOf = (name: string): Uint8Array => {
    const bytes = files.get(name)
    if (bytes === undefined) throw new DataError(`${found.path} does not hold ${name}. ${getIt}`)
    return bytes
  }
  return {
    classNames: readClassNames(bytesOf(metaFile), found.path),
    channels: 3,
    height: side,
    width: side,
    train: readSplit(trainFiles, bytesOf, found.path),
    test: readSplit([testFile], bytesOf, found.path),
  }
}

interface Located {
  readonly kind: 'folder' | 'archive'
  readonly path: string
}

async function locate(location: string): Promise<Located> {
  const kind = await kindOf(location)
  if (kind === 'file') return { kind: 'archive', path: location }
  if (kind === null) throw new DataError(`${location} does not exist. ${getIt}`)
  if (path.basename(path.resolve(location)) === folderName) return { kind: 'folder', path: location }
  const inner = path.join(location, folderName)
  if ((await kindOf(inner)) === 'folder') return { kind: 'folder', path: inner }
  const archive = path.join(location, archiveName)
  if ((await kindOf(archive)) === 'file') return { kind: 'archive', path: archive }
  // A folder that was renamed: whatever is missing in it will be named.
  return { kind: 'folder', path: location }
}

async function kindOf(location: string): Promise<'file' | 'folder' | null> {
  const found = await stat(location).catch(() => null)
  if (found === null) return null
  return found.isDirectory() ? 'folder' : 'file'
}

async function readFolder(folder: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>()
  for (const name of neededFiles) {
    const file = path.join(folder, name)
    const bytes = await readFile(file).catch((cause: unknown) => {
      throw new DataError(`${file} cannot be read. ${getIt}`, { cause })
    })
    files.set(name, bytes)
  }
  return files
}

async function readArchive(
  archive: string,
  { onProgress, clock }: LoadHooks,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const startedAt = clock?.now()
  const { size } = await stat(archive)
  const compressed = createReadStream(archive, { highWaterMark: 1 << 20 })
  // A failing file ends the unpacking with its own error, which the loop below then meets.
  const unpacked: Readable = compressed
    .on('error', (error) => unpacked.destroy(error))
    .pipe(createGunzip({ chunkSize: 1 << 20 }))
  const files = new Map<string, Uint8Array>()
  try {
    for await (const { name, bytes } of readTar(unpacked)) {
      const base = path.posix.basename(name)
      if (neededFiles.includes(base)) files.set(base, bytes)
      onProgress?.(Math.min(1, compressed.bytesRead / size), `reading CIFAR-10: ${base}`)
    }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new DataError(`${archive} cannot be read as a .tar.gz archive (${reason}). ${getIt}`, { cause })
  } finally {
    compressed.destroy()
  }
  const seconds = clock === undefined || startedAt === undefined ? '' : ` in ${(clock.now() - startedAt).toFixed(1)} s`
  onProgress?.(1, `CIFAR-10 read${seconds}`)
  return files
}

function readClassNames(meta: Uint8Array, source: string): readonly string[] {
  const names = Buffer.from(meta)
    .toString('utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
  if (names.length !== classes) {
    throw new DataError(`${metaFile} in ${source} names ${names.length} instead of ${classes} classes. ${getIt}`)
  }
  return names.map((name) => name.trim())
}

function readSplit(names: readonly string[], bytesOf: (name: string) => Uint8Array, source: string): Split {
  const count = names.length * recordsPerFile
  const pixels = new Uint8Array(count * pixelsPerImage)
  const labels = new Uint8Array(count)
  for (const [fileIndex, name] of names.entries()) {
    const bytes = bytesOf(name)
    if (bytes.length !== recordsPerFile * recordBytes) {
      throw new DataError(
        `${name} in ${source} has ${bytes.length} instead of ${recordsPerFile * recordBytes} bytes. ${getIt}`,
      )
    }
    for (let record = 0; record < recordsPerFile; record++) {
      const start = record * recordBytes
      const label = bytes[start] as number
      if (label >= classes) {
        throw new DataError(`image ${record} of ${name} in ${source} has label ${label}, not 0..9. ${getIt}`)
      }
      const image = fileIndex * recordsPerFile + record
      labels[image] = label
      pixels.set(bytes.subarray(start + 1, start + recordBytes), image * pixelsPerImage)
    }
  }
  return { count, pixels, labels }
}
