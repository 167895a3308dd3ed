import { close, fstatSync } from 'node:fs'
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { crc32, createInflateRaw } from 'node:zlib'
import { DataError } from '../platform/errors.js'
import { fileNameText } from '../platform/file-name-text.js'
import { openPlainFile } from '../platform/plain-file.js'
import { readAt } from '../platform/read-at.js'
import { mostZipDirectoryBytes } from './limits.js'
import { ByteReader, UnpackingBudget, unpackedChunks } from './unpack.js'

/** A file in a ZIP archive. Sizes in bytes. */
export interface ZipEntry {
  readonly name: string
  readonly size: number
  readonly packedSize: number
  /** 0: stored; 8: deflated. */
  readonly method: number
  readonly isEncrypted: boolean
  readonly crc: number
  /** Offset of its local header. */
  readonly offset: number
}

/** An open archive. */
export interface ZipFile {
  readonly entries: readonly ZipEntry[]
  /**
   * All entries that are read count towards the unpacking limit of the archive, each once.
   *
   * @throws DataError if the entry is packed in an unknown way, unpacks to too much, or does not match its checksum.
   */
  read(entry: ZipEntry): Promise<Uint8Array>
  /** The first bytes of an entry, which are checked against nothing. They count towards no limit but `length`. */
  start(entry: ZipEntry, length: number): Promise<Uint8Array>
  close(): Promise<void>
}

const endSignature = 0x06054b50
const end64Signature = 0x06064b50
const entrySignature = 0x02014b50
const localSignature = 0x04034b50
const pieceBytes = 1 << 20
const closeDescriptor = promisify(close)

/** The open file and its length, against which sizes in the archive are checked before memory is allocated. */
interface Archive {
  readonly descriptor: number
  readonly size: number
  readonly budget: UnpackingBudget
  /** Entries that count towards the budget already. */
  readonly counted: Set<ZipEntry>
}

/**
 * Opens a ZIP archive of any size (ZIP64 included), of which only the requested entries are read. Each is checked
 * against its CRC, which the library fflate (used to write archives in tests) does not do; otherwise damaged images
 * would be used for training.
 *
 * @throws DataError if the file is not an archive; the message does not name the file.
 * @throws FileKindError for anything but a plain file.
 */
export async function openZip(file: string): Promise<ZipFile> {
  const descriptor = openPlainFile(file)
  const { size } = fstatSync(descriptor)
  const archive = { descriptor, size, budget: new UnpackingBudget(size), counted: new Set<ZipEntry>() }
  const end = (): Promise<void> => closeDescriptor(descriptor)
  try {
    const entries = await readDirectory(archive)
    return {
      entries,
      read: (entry) => readEntry(archive, entry),
      start: (entry, length) => readStart(archive, entry, length),
      close: end,
    }
  } catch (error) {
    await end()
    throw error
  }
}

async function readDirectory(archive: Archive): Promise<readonly ZipEntry[]> {
  const { size } = archive
  // The end record has 22 bytes and a comment of up to 64 KiB; ZIP64's locator of 20 bytes stands before it.
  const tail = await readPiece(archive, Math.max(0, size - 65_577), Math.min(size, 65_577))
  let end = tail.length - 22
  while (end >= 0 && tail.readUInt32LE(end) !== endSignature) end--
  if (end < 0) throw new DataError('it is not a ZIP archive, or it is truncated: its directory is missing')
  let count = tail.readUInt16LE(end + 10)
  let length = tail.readUInt32LE(end + 12)
  let offset = tail.readUInt32LE(end + 16)
  if (count === 0xffff || length === 0xffffffff || offset === 0xffffffff) {
    if (end < 20) throw new DataError('its directory is damaged')
    const record = await readPiece(archive, long(tail, end - 12), 56)
    if (record.readUInt32LE(0) !== end64Signature) throw new DataError('its directory is damaged')
    count = long(record, 32)
    length = long(record, 40)
    offset = long(record, 48)
  }
  if (length > mostZipDirectoryBytes) {
    throw new DataError(`its directory has ${length} bytes, and at most ${mostZipDirectoryBytes} are read`)
  }
  const directory = await readPiece(archive, offset, length)
  const entries: ZipEntry[] = []
  for (let at = 0; entries.length < count; ) {
    if (at + 46 > length || directory.readUInt32LE(at) !== entrySignature)
      throw new DataError('its directory is damaged')
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) => directory.readUInt16LE(at + field))
    const next = at + 46 + (nameLength ?? 0) + (extraLength ?? 0) + (commentLength ?? 0)
    if (next > length) throw new DataError('its directory is damaged')
    entries.push(parseEntry(directory.subarray(at, next)))
    at = next
  }
  return entries
}

function parseEntry(record: Buffer): ZipEntry {
  const nameEnd = 46 + record.readUInt16LE(28)
  const extra = record.subarray(nameEnd, nameEnd + record.readUInt16LE(30))
  const longs = zip64Numbers(extra)
  // ZIP64's numbers come in this order, and only those that do not fit their field.
  const number = (field: number): number => {
    const value = record.readUInt32LE(field)
    return value === 0xffffffff ? (longs.shift() ?? value) : value
  }
  const size = number(24)
  const packedSize = number(20)
  return {
    name: fileNameText(record.subarray(46, nameEnd)),
    size,
    packedSize,
    method: record.readUInt16LE(10),
    isEncrypted: (record.readUInt16LE(8) & 1) === 1,
    crc: record.readUInt32LE(16),
    offset: number(42),
  }
}

function zip64Numbers(extra: Buffer): number[] {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue
    const end = Math.min(extra.length, at + 4 + extra.readUInt16LE(at + 2))
    const numbers: number[] = []
    for (let i = at + 4; i + 8 <= end; i += 8) numbers.push(long(extra, i))
    return numbers
  }
  return []
}

async function readEntry(archive: Archive, entry: ZipEntry): Promise<Uint8Array> {
  const { name, size, crc } = entry
  if (!archive.counted.has(entry)) archive.budget.spend(size)
  archive.counted.add(entry)
  const reader = await openEntry(archive, entry)
  try {
    const bytes = await reader.read(size).catch(damaged(name))
    const surplus = await reader.skip(1).catch(damaged(name))
    if (bytes.length !== size || surplus > 0 || crc32(bytes) !== crc) {
      throw new DataError(`${name} in it is damaged: its checksum is wrong`)
    }
    return bytes
  } finally {
    await reader.close()
  }
}

async function readStart(archive: Archive, entry: ZipEntry, length: number): Promise<Uint8Array> {
  const reader = await openEntry(archive, entry)
  try {
    return await reader.read(Math.min(length, entry.size)).catch(damaged(entry.name))
  } finally {
    await reader.close()
  }
}

/** @throws DataError for an entry whose header is damaged, or that is packed in an unknown way. */
async function openEntry(archive: Archive, entry: ZipEntry): Promise<ByteReader> {
  const { name, size, packedSize, method, isEncrypted, offset } = entry
  const header = await readPiece(archive, offset, 30)
  if (header.readUInt32LE(0) !== localSignature) throw new DataError(`${name} in it is damaged`)
  if (isEncrypted) throw new DataError(`${name} in it is encrypted: pack it without a password`)
  const start = offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28)
  if (method !== 0 && method !== 8) {
    throw new DataError(
      `${name} in it uses an unsupported compression method (${method}): only stored and deflated files are supported`,
    )
  }
  requireWithin(archive, start, packedSize)
  if (method === 0 && packedSize !== size) throw new DataError(`${name} in it is damaged`)
  return new ByteReader(entryChunks(archive, start, packedSize, method === 8))
}

const damaged =
  (name: string) =>
  (cause: unknown): never => {
    throw cause instanceof DataError ? cause : new DataError(`${name} in it is damaged`, { cause })
  }

function entryChunks(archive: Archive, start: number, length: number, isDeflated: boolean) {
  const packed = fileChunks(archive, start, length)
  return isDeflated ? unpackedChunks(Readable.from(packed), createInflateRaw({ chunkSize: 1 << 18 })) : packed
}

async function* fileChunks(archive: Archive, start: number, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < length; at += pieceBytes) {
    yield await readPiece(archive, start + at, Math.min(pieceBytes, length - at))
  }
}

function requireWithin({ size }: Archive, position: number, length: number): void {
  if (position + length > size) throw new DataError('it is cut off or damaged')
}

/** Headers, the directory, and pieces of what is packed. */
async function readPiece(archive: Archive, position: number, length: number): Promise<Buffer> {
  requireWithin(archive, position, length)
  const bytes = Buffer.alloc(length)
  if (await readAt(archive.descriptor, bytes, position)) return bytes
  throw new DataError('it ends too early')
}

/** Exact up to 2^53, more than any file size. */
function long(bytes: Buffer, at: number): number {
  return Number(bytes.readBigUInt64LE(at))
}
