import { z } from 'zod'
import { writeFileAtomic } from '../platform/files.js'
import { readPlainFile } from '../platform/plain-file.js'
import { sha256 } from '../platform/sha256.js'
import { joinLabels, type Labels, labelBytes, makeLabels, mostClasses, type Split } from './dataset.js'
import { mostCacheFileBytes, mostCacheHeaderBytes } from './limits.js'
import type { RawImages } from './raw-images.js'

/*
 * A cache file is: 8 bytes of magic, which end in the version of this layout; the SHA-256 of everything that follows
 * (32 bytes); the length of the header (uint32, little-endian); the header (JSON); then the pixels and labels of the
 * training, of the validation and of the test images. Labels are bytes for up to 256 classes, and uint16, little-endian,
 * for more. A file that fails a check is not an error: it is rebuilt.
 */
const magic = Buffer.from('FNIMAGE2', 'latin1')
const digestBytes = 32
const digestEnd = magic.length + digestBytes
const headerStart = digestEnd + 4

/** A cache folder may be written by others, so every value of a header is checked. */
const headerSchema = z.object({
  /** The source of the images; a cache made from another source is stale. */
  source: z.string(),
  classNames: z.array(z.string()).min(1).max(mostClasses),
  channels: z.int().min(1).max(4),
  height: z.int().min(1),
  width: z.int().min(1),
  trainCount: z.int().min(0),
  /** Zero if the data set has none of its own. */
  validationCount: z.int().min(0),
  testCount: z.int().min(0),
})

type Header = Readonly<z.infer<typeof headerSchema>>

/**
 * The images cached in `file` if it is intact and was made from `source`; otherwise the images from `build`, which are
 * then cached. Safe to call from several threads and processes at the same time; at worst each of them builds.
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
    // The images are available; only the next start will be slower, so this is just a warning.
    warn(`${file} could not be written, so the data will be decoded again next time: ${String(error)}`)
  }
  return images
}

function readCache(file: string, source: string): RawImages | null {
  let bytes: Buffer
  try {
    bytes = readPlainFile(file, { mostBytes: mostCacheFileBytes })
  } catch {
    return null
  }
  return decodeImages(bytes, source)
}

const none: Split = { count: 0, pixels: new Uint8Array(), labels: new Uint8Array() }

function encodeImages(images: RawImages, source: string): Buffer {
  const { classNames, channels, height, width, train, validation = none, test } = images
  const header: Header = {
    source,
    classNames: [...classNames],
    channels,
    height,
    width,
    trainCount: train.count,
    validationCount: validation.count,
    testCount: test.count,
  }
  const headerBytes = Buffer.from(JSON.stringify(header))
  const headerLength = Buffer.alloc(4)
  headerLength.writeUInt32LE(headerBytes.length)
  const bytesOf = ({ labels }: Split): Uint8Array => labelBytes(joinLabels(classNames.length, [labels]))
  const file = Buffer.concat([
    magic,
    Buffer.alloc(digestBytes),
    headerLength,
    headerBytes,
    train.pixels,
    bytesOf(train),
    validation.pixels,
    bytesOf(validation),
    test.pixels,
    bytesOf(test),
  ])
  digest(file.subarray(digestEnd)).copy(file, magic.length)
  return file
}

/** The images in the bytes of a cache file, as views into them; null if damaged, of another layout or stale. */
function decodeImages(bytes: Buffer, source: string): RawImages | null {
  if (bytes.length < headerStart || !bytes.subarray(0, magic.length).equals(magic)) return null
  if (!digest(bytes.subarray(digestEnd)).equals(bytes.subarray(magic.length, digestEnd))) return null
  const start = headerStart + bytes.readUInt32LE(digestEnd)
  const header = parseHeader(bytes, start)
  if (header === null || header.source !== source) return null
  const { classNames, channels, height, width, trainCount, validationCount, testCount } = header
  const pixels = channels * height * width
  const labelSize = makeLabels(classNames.length, 0).BYTES_PER_ELEMENT
  if (start + (trainCount + validationCount + testCount) * (pixels + labelSize) !== bytes.length) return null
  let offset = start
  const take = (length: number): Uint8Array => {
    offset += length
    return new Uint8Array(bytes.buffer, bytes.byteOffset + offset - length, length)
  }
  // A copy, since labels of 16 bits must begin at an even address.
  const takeLabels = (count: number): Labels => {
    const labels = makeLabels(classNames.length, count)
    labelBytes(labels).set(take(count * labelSize))
    return labels
  }
  const split = (count: number): Split => ({ count, pixels: take(count * pixels), labels: takeLabels(count) })
  const [train, validation, test] = [split(trainCount), split(validationCount), split(testCount)]
  if ([train, validation, test].some(({ labels }) => labels.some((label) => label >= classNames.length))) return null
  return { classNames, channels, height, width, train, ...(validation.count > 0 && { validation }), test }
}

function parseHeader(bytes: Buffer, end: number): Header | null {
  if (end > bytes.length || end - headerStart > mostCacheHeaderBytes) return null
  try {
    return headerSchema.safeParse(JSON.parse(bytes.toString('utf8', headerStart, end))).data ?? null
  } catch {
    return null
  }
}

const digest = (bytes: Uint8Array): Buffer => Buffer.from(sha256(bytes), 'hex')
