import { writeFileAtomic } from '../../platform/files.js'
import { readPlainFile } from '../../platform/plain-file.js'
import { sha256 } from '../../platform/sha256.js'
import { mostCacheFileBytes } from '../limits.js'
import type { Shape } from './image-shapes.js'

/*
 * A store of decoded images is: 8 bytes of magic, which end in the version of this layout; the SHA-256 of everything that
 * follows (32 bytes); the number of images, channels, height and width (uint32 each, little-endian); 32 bytes that tell how
 * the images were read; a key of 16 bytes and a byte that tells whether it was turned for each image; their pixels. A file
 * that fails a check is not an error: its images are decoded again.
 */
const magic = Buffer.from('FNSTORE1', 'latin1')
const digestEnd = 8 + 32
const headerEnd = digestEnd + 16 + 32
const keyBytes = 16

/** Decoded images, by keys that change with their files. */
export interface DecodedStore {
  readonly shape: Shape
  readonly keys: readonly string[]
  readonly isTurned: Uint8Array
  /** `[images, channels, height, width]`. */
  readonly pixels: Uint8Array
}

/** The key of a file: it changes with the file's name, length and times. */
export function imageKey(parts: readonly unknown[]): string {
  return sha256(JSON.stringify(parts)).slice(0, 2 * keyBytes)
}

/** The store in a file; null if there is none, or it is damaged or was made with other settings. */
export function readStore(file: string, settings: string): DecodedStore | null {
  let bytes: Buffer
  try {
    bytes = readPlainFile(file, { mostBytes: mostCacheFileBytes })
  } catch {
    return null
  }
  if (bytes.length < headerEnd || !bytes.subarray(0, magic.length).equals(magic)) return null
  if (!digest(bytes.subarray(digestEnd)).equals(bytes.subarray(magic.length, digestEnd))) return null
  if (!bytes.subarray(digestEnd + 16, headerEnd).equals(digest(settings))) return null
  const [count = 0, channels = 0, height = 0, width = 0] = [0, 4, 8, 12].map((at) => bytes.readUInt32LE(digestEnd + at))
  if (channels !== 1 && channels !== 3) return null
  if (bytes.length !== headerEnd + count * (keyBytes + 1 + channels * height * width)) return null
  const flags = headerEnd + count * keyBytes
  const pixels = flags + count
  return {
    shape: { channels, height, width },
    keys: Array.from({ length: count }, (_, i) =>
      bytes.toString('hex', headerEnd + i * keyBytes, headerEnd + (i + 1) * keyBytes),
    ),
    isTurned: bytes.subarray(flags, pixels),
    pixels: new Uint8Array(bytes.buffer, bytes.byteOffset + pixels, bytes.length - pixels),
  }
}

/** Writes a store. One that cannot be written is only a warning: the images will be decoded again. */
export function writeStore(
  file: string,
  settings: string,
  { shape: { channels, height, width }, keys, isTurned, pixels }: DecodedStore,
  warn: (message: string) => void = (message) => process.emitWarning(message),
): void {
  const header = Buffer.alloc(16)
  for (const [i, value] of [keys.length, channels, height, width].entries()) header.writeUInt32LE(value, 4 * i)
  const body = [header, digest(settings), Buffer.from(keys.join(''), 'hex'), isTurned, pixels]
  try {
    writeFileAtomic(file, Buffer.concat([magic, digest(...body), ...body]))
  } catch (error) {
    warn(`${file} could not be written, so the data will be decoded again next time: ${String(error)}`)
  }
}

const digest = (...parts: readonly (Uint8Array | string)[]): Buffer => Buffer.from(sha256(...parts), 'hex')
