import { closeSync, createReadStream, fstatSync, readSync } from 'node:fs'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { FearNasError } from '../platform/errors.js'
import { openPlainFile } from '../platform/plain-file.js'

/** A journal is damaged or has an unknown version. */
export class JournalError extends FearNasError {}

/**
 * Maximum bytes per line. The longest events are the configuration of a run and the calibration of a threshold; a
 * thousand arms or a thousand networks take about a megabyte.
 */
export const mostLineBytes = 2 ** 24

/** Maximum bytes that a compressed journal may unpack to. A million trials take about one gigabyte. */
const mostUnpackedBytes = 2 ** 32
/**
 * Maximum ratio of unpacked to compressed size, above `fewUnpackedBytes`. Journals compress to a tenth, repetitive ones
 * to a thirtieth.
 */
const mostUnpackedTimes = 64
const fewUnpackedBytes = 2 ** 26

/** Consecutive lines, without line feeds. */
export interface LineBlock {
  readonly lines: readonly string[]
  /** Bytes of the unpacked journal up to the end of the last line. */
  readonly end: number
}

/**
 * The complete lines, in chunks, because a journal of a million trials exceeds the maximum length of a string.
 *
 * @param from start offset, at the end of a line. A compressed journal is read from its start.
 * @throws JournalError if a line is longer than `mostLineBytes`, or a compressed file is damaged or unpacks to too much;
 *   FileKindError if it is no plain file.
 */
export async function* lineBlocks(path: string, from = 0): AsyncGenerator<LineBlock> {
  const descriptor = openPlainFile(path)
  if (path.endsWith('.gz')) {
    yield* unpackedBlocks(path, descriptor)
    return
  }
  try {
    yield* plainBlocks(path, descriptor, from)
  } finally {
    closeSync(descriptor)
  }
}

/** The same without positions. */
export async function* completeLines(path: string): AsyncGenerator<readonly string[]> {
  for await (const { lines } of lineBlocks(path)) yield lines
}

/**
 * `FILE:LINE` of the line at a byte offset of an uncompressed journal. Counts all lines before it, so only for
 * messages.
 */
export function lineAt(path: string, byte: number): string {
  const descriptor = openPlainFile(path)
  try {
    const buffer = Buffer.allocUnsafe(chunkBytes)
    let line = 1
    for (let at = 0; at < byte; ) {
      const length = readSync(descriptor, buffer, 0, Math.min(buffer.length, byte - at), at)
      if (length === 0) break
      for (let next = buffer.indexOf(10); next >= 0 && next < length; next = buffer.indexOf(10, next + 1)) line++
      at += length
    }
    return `${path}:${line}`
  } finally {
    closeSync(descriptor)
  }
}

/** The error for a line that is too long. */
export function lineTooLong(where: string): JournalError {
  return new JournalError(
    `${where}  is longer than ${mostLineBytes} bytes, the most that a line of a journal may have. The journal was damaged; ` +
      'restore it, or keep a copy and cut it before this line.',
  )
}

const chunkBytes = 1 << 18

function* plainBlocks(path: string, descriptor: number, from: number): Generator<LineBlock> {
  const splitter = new LineSplitter(path, from)
  for (let at = from; ; ) {
    const room = splitter.room()
    const length = readSync(descriptor, room, 0, room.length, at)
    if (length === 0) return
    at += length
    const block = splitter.take(length)
    if (block !== null) yield block
  }
}

async function* unpackedBlocks(path: string, descriptor: number): AsyncGenerator<LineBlock> {
  const splitter = new LineSplitter(path, 0)
  const { size } = fstatSync(descriptor)
  const most = Math.min(mostUnpackedBytes, Math.max(fewUnpackedBytes, mostUnpackedTimes * size))
  let unpacked = 0
  // `pipeline` passes a file's error on to the reader, and closes the file.
  const file = createReadStream('', { fd: descriptor })
  const stream = pipeline(file, createGunzip({ chunkSize: chunkBytes }), () => {})
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      unpacked += chunk.length
      if (unpacked > most) {
        throw new JournalError(
          `${path}:${splitter.count + 1}  The file has ${size} bytes and unpacks to more than ${most}, the most that is read: ` +
            'no journal is that repetitive. Restore it.',
        )
      }
      for (let at = 0; at < chunk.length; ) {
        const length = chunk.copy(splitter.room(), 0, at)
        at += length
        const block = splitter.take(length)
        if (block !== null) yield block
      }
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (!code?.startsWith('Z_')) throw error
    throw new JournalError(`${path}  is no whole gzip file (${message}). Restore it.`, { cause: error })
  }
}

/** Splits bytes into lines. Uses one buffer, which takes half the time of streams. */
class LineSplitter {
  readonly #path: string
  #buffer = Buffer.allocUnsafe(2 * chunkBytes)
  /** Bytes at the start of the buffer that belong to an incomplete line. */
  #held = 0
  /** Offset of the buffer in the journal. */
  #start: number
  /** Number of lines returned so far. */
  count = 0

  constructor(path: string, start: number) {
    this.#path = path
    this.#start = start
  }

  /** The free part of the buffer. */
  room(): Buffer {
    if (this.#held === this.#buffer.length) {
      this.#buffer = Buffer.concat([this.#buffer, Buffer.allocUnsafe(this.#held)])
    }
    return this.#buffer.subarray(this.#held)
  }

  /** Adds the bytes written to `room`. Returns the lines that are complete now, or null. */
  take(length: number): LineBlock | null {
    const buffer = this.#buffer
    const held = this.#held + length
    // Only search the new bytes for a line feed: searching all would be quadratic for a long line.
    const end = this.#held + buffer.subarray(this.#held, held).lastIndexOf(10) + 1
    const isComplete = end > this.#held
    if (!isComplete) {
      this.#held = held
      if (held > mostLineBytes) throw lineTooLong(this.#where())
      return null
    }
    const lines = buffer.toString('utf8', 0, end - 1).split('\n')
    buffer.copyWithin(0, end, held)
    this.#held = held - end
    this.#start += end
    this.count += lines.length
    return { lines, end: this.#start }
  }

  #where(): string {
    // If reading began in the middle, the lines before were not counted.
    return this.#path.endsWith('.gz') ? `${this.#path}:${this.count + 1}` : lineAt(this.#path, this.#start)
  }
}
