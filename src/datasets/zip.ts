import { type FileHandle, open } from 'node:fs/promises'
import { promisify } from 'node:util'
import { crc32, inflateRaw } from 'node:zlib'
import { DataError } from '../platform/errors.js'

/** A file in a ZIP archive. Sizes in bytes. */
export interface ZipEntry {
  readonly name: string
  readonly size: number
  readonly packedSize: number
  /** 0: stored; 8: deflated. */
  readonly method: number
  readonly crc: number
  /** Where its local header begins. */
  readonly offset: number
}

/** An open archive. */
export interface ZipFile {
  readonly entries: readonly ZipEntry[]
  /** @throws DataError if the entry is packed in an unknown way, or not what its checksum says. */
  read(entry: ZipEntry): Promise<Uint8Array>
  close(): Promise<void>
}

const endSignature = 0x06054b50
const end64Signature = 0x06064b50
const entrySignature = 0x02014b50
const localSignature = 0x04034b50
const inflate = promisify(inflateRaw)
/** No single read of a file may be longer than 2 GiB. */
const readBytes = 1 << 30

/**
 * Opens a ZIP archive of any size (ZIP64 included), of which only the entries asked for are read. Every one is checked
 * against its CRC, which the library fflate does not do (the tests write archives with it): a damaged image would be
 * trained on.
 *
 * @throws DataError if the file is no archive; the message does not name the file.
 */
export async function openZip(file: string): Promise<ZipFile> {
  const handle = await open(file)
  try {
    const entries = await readDirectory(handle)
    return { entries, read: (entry) => readEntry(handle, entry), close: () => handle.close() }
  } catch (error) {
    await handle.close()
    throw error
  }
}

async function readDirectory(handle: FileHandle): Promise<readonly ZipEntry[]> {
  const { size } = await handle.stat()
  // The end record has 22 bytes and a comment of up to 64 KiB; ZIP64's locator of 20 bytes stands before it.
  const tail = await readAt(handle, Math.max(0, size - 65_577), Math.min(size, 65_577))
  let end = tail.length - 22
  while (end >= 0 && tail.readUInt32LE(end) !== endSignature) end--
  if (end < 0) throw new DataError('it is no ZIP archive, or it is cut off: its directory is missing')
  let count = tail.readUInt16LE(end + 10)
  let length = tail.readUInt32LE(end + 12)
  let offset = tail.readUInt32LE(end + 16)
  if (count === 0xffff || length === 0xffffffff || offset === 0xffffffff) {
    if (end < 20) throw new DataError('its directory is damaged')
    const record = await readAt(handle, long(tail, end - 12), 56)
    if (record.readUInt32LE(0) !== end64Signature) throw new DataError('its directory is damaged')
    count = long(record, 32)
    length = long(record, 40)
    offset = long(record, 48)
  }
  const directory = await readAt(handle, offset, length)
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
    name: record.toString('utf8', 46, nameEnd),
    size,
    packedSize,
    method: record.readUInt16LE(10),
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

async function readEntry(
  handle: FileHandle,
  { name, size, packedSize, method, crc, offset }: ZipEntry,
): Promise<Uint8Array> {
  const header = await readAt(handle, offset, 30)
  if (header.readUInt32LE(0) !== localSignature) throw new DataError(`${name} in it is damaged`)
  const start = offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28)
  const packed = await readAt(handle, start, packedSize)
  if (method !== 0 && method !== 8) {
    throw new DataError(
      `${name} in it is packed in a way (${method}) that is not read: only stored and deflated files are`,
    )
  }
  const bytes: Uint8Array =
    method === 0
      ? packed
      : await inflate(packed, { maxOutputLength: Math.max(1, size) }).catch((cause: unknown) => {
          throw new DataError(`${name} in it is damaged`, { cause })
        })
  if (bytes.length !== size || crc32(bytes) !== crc)
    throw new DataError(`${name} in it is damaged: its checksum is wrong`)
  return bytes
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const { size } = await handle.stat()
  // Before any memory is taken for a length that a damaged archive may claim.
  if (position + length > size) throw new DataError('it is cut off or damaged')
  const bytes = Buffer.alloc(length)
  for (let filled = 0; filled < length; ) {
    const wanted = Math.min(readBytes, length - filled)
    const { bytesRead } = await handle.read(bytes, filled, wanted, position + filled)
    if (bytesRead === 0) throw new DataError('it ends too early')
    filled += bytesRead
  }
  return bytes
}

/** Exact up to 2^53, beyond which no file is. */
function long(bytes: Buffer, at: number): number {
  return Number(bytes.readBigUInt64LE(at))
}
