import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { writeFileAtomic } from '../platform/files.js'
import type { RawImages } from './raw-images.js'

/*
 * A cache file is: 8 bytes of magic, which end in the version of this layout; the SHA-256 of everything that follows
 * (32 bytes); the length of the header (uint32, little-endian); the header (JSON); then the pixels and labels of the
 * training and of the test images. A file that fails any check is no error: it is made again.
 */
const magic = Buffer.from('FNIMAGE1', 'latin1')
const digestBytes = 32
const digestEnd = magic.length + digestBytes
const headerStart = digestEnd + 4

interface Header {
  /** What the images were made from; a cache made from anything else is stale. */
  readonly source: string
  readonly classNames: readonly string[]
  readonly channels: number
  readonly height: number
  readonly width: number
  readonly trainCount: number
  readonly testCount: number
}

/**
 * The images kept in `file` if it is whole and was made from `source`; else the images that `build` makes, which are
 * then kept. Safe to call from several threads and processes at once: at worst each of them builds.
 */
export async function cachedImages(
  file: string,
  source: string,
  build: () => Promise<RawImages>,
  warn: (message: string) => void = (message) => process.emitWarning(message),
): Promise<RawImages> {
  const kept = readCache(file, source)
  if (kept !== null) return kept
  const images = await build()
  try {
    writeFileAtomic(file, encodeImages(images, source))
  } catch (error) {
    // The images are here; only the next start pays for the failure, so it is worth a warning and no more.
    warn(`${file} could not be written, so the data will be decoded again next time: ${String(error)}`)
  }
  return images
}

function readCache(file: string, source: string): RawImages | null {
  let bytes: Buffer
  try {
    bytes = readFileSync(file)
  } catch {
    return null
  }
  return decodeImages(bytes, source)
}

function encodeImages(images: RawImages, source: string): Buffer {
  const { classNames, channels, height, width, train, test } = images
  const header: Header = {
    source,
    classNames,
    channels,
    height,
    width,
    trainCount: train.count,
    testCount: test.count,
  }
  const headerBytes = Buffer.from(JSON.stringify(header))
  const headerLength = Buffer.alloc(4)
  headerLength.writeUInt32LE(headerBytes.length)
  const file = Buffer.concat([
    magic,
    Buffer.alloc(digestBytes),
    headerLength,
    headerBytes,
    train.pixels,
    train.labels,
    test.pixels,
    test.labels,
  ])
  sha256(file.subarray(digestEnd)).copy(file, magic.length)
  return file
}

/** The images in the bytes of a cache file, as views into them; null if damaged, of another layout or stale. */
function decodeImages(bytes: Buffer, source: string): RawImages | null {
  if (bytes.length < headerStart || !bytes.subarray(0, magic.length).equals(magic)) return null
  if (!sha256(bytes.subarray(digestEnd)).equals(bytes.subarray(magic.length, digestEnd))) return null
  // From here on the bytes are those that were written, so only the source can differ.
  let offset = headerStart + bytes.readUInt32LE(digestEnd)
  const header = JSON.parse(bytes.toString('utf8', headerStart, offset)) as Header
  if (header.source !== source) return null
  const take = (length: number): Uint8Array => {
    offset += length
    return new Uint8Array(bytes.buffer, bytes.byteOffset + offset - length, length)
  }
  const { classNames, channels, height, width, trainCount, testCount } = header
  const pixels = channels * height * width
  const train = { count: trainCount, pixels: take(trainCount * pixels), labels: take(trainCount) }
  const test = { count: testCount, pixels: take(testCount * pixels), labels: take(testCount) }
  return { classNames, channels, height, width, train, test }
}

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()
