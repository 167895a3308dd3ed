import { closeSync, readSync } from 'node:fs'
import type { Readable, Transform } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { DataError } from '../platform/errors.js'
import { openPlainFile, type PlainFileOptions, streamPlainFile } from '../platform/plain-file.js'
import { freeUnpackedBytes, mostDatasetBytes, mostUnpackedRatio } from './limits.js'

/**
 * The limit for unpacking one file: 128 MiB, or 50 times its size if that is more, so that a small file cannot fill the
 * memory.
 */
export class UnpackingBudget {
  readonly #most: number
  readonly #fileBytes: number
  #spent = 0

  constructor(fileBytes: number) {
    this.#fileBytes = fileBytes
    this.#most = Math.max(freeUnpackedBytes, mostUnpackedRatio * fileBytes)
  }

  /**
   * Counts bytes that are about to be unpacked.
   *
   * @throws DataError that names the limit; the message does not name the file.
   */
  spend(bytes: number): void {
    this.#spent += bytes
    if (this.#spent <= this.#most) return
    throw new DataError(
      `its ${this.#fileBytes} bytes unpack to ${this.#spent} or more, and at most ${this.#most} are unpacked: ` +
        `${freeUnpackedBytes}, or ${mostUnpackedRatio} times the file. Larger data are read if they are not packed`,
    )
  }
}

/** Pipes `packed` into `unpacker` and yields its chunks; fails with errors of either. Frees both at the end. */
export async function* unpackedChunks(packed: Readable, unpacker: Transform): AsyncGenerator<Uint8Array> {
  packed.on('error', (error) => unpacker.destroy(error)).pipe(unpacker)
  try {
    for await (const chunk of unpacker) yield chunk as Uint8Array
  } finally {
    packed.destroy()
    unpacker.destroy()
  }
}

/** More bytes are asked for than an array may have. */
export class ArraySizeError extends DataError {}

/** Cuts a stream of chunks into pieces of asked-for lengths. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>
  #current: Uint8Array = new Uint8Array(0)

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]()
  }

  /**
   * The next bytes, fewer only at the end of the stream.
   *
   * @throws ArraySizeError for more than the maximum length of an array.
   */
  async read(length: number): Promise<Uint8Array> {
    if (length > mostDatasetBytes)
      throw new ArraySizeError(`it has ${length} bytes, more than the limit of ${mostDatasetBytes}`)
    const piece = new Uint8Array(length)
    let filled = 0
    for await (const part of this.#parts(length)) {
      piece.set(part, filled)
      filled += part.length
    }
    return piece.subarray(0, filled)
  }

  /** Skips bytes; returns how many there were. */
  async skip(length: number): Promise<number> {
    let skipped = 0
    for await (const part of this.#parts(length)) skipped += part.length
    return skipped
  }

  /** Ends the stream, read or not. */
  async close(): Promise<void> {
    await this.#chunks.return?.()
  }

  async *#parts(length: number): AsyncGenerator<Uint8Array> {
    for (let left = length; left > 0; ) {
      if (this.#current.length === 0) {
        const next = await this.#chunks.next()
        if (next.done === true) return
        this.#current = next.value
      }
      const part = this.#current.subarray(0, left)
      this.#current = this.#current.subarray(part.length)
      left -= part.length
      yield part
    }
  }
}

/** A file read from start to end, unpacked if needed. */
export interface OpenedFile {
  readonly reader: ByteReader
  readonly fileBytes: number
  readonly isPacked: boolean
  /** How much of the file is read, 0..1. */
  fractionRead(): number
}

/**
 * Opens a plain file, and unpacks it if its content is gzip, whatever its name.
 *
 * @throws FileKindError for anything but a plain file; else the system's error.
 */
export function openMaybeGzip(file: string, options?: PlainFileOptions): OpenedFile {
  const start = firstBytes(file, 2, options)
  const isPacked = start[0] === 0x1f && start[1] === 0x8b
  const { stream, bytes } = streamPlainFile(file, options)
  const chunks = isPacked ? unpackedChunks(stream, createGunzip({ chunkSize: 1 << 20 })) : stream
  const fractionRead = (): number => Math.min(1, stream.bytesRead / Math.max(1, bytes))
  return { reader: new ByteReader(chunks), fileBytes: bytes, isPacked, fractionRead }
}

/**
 * The first bytes of a plain file, fewer where it is shorter.
 *
 * @throws as `openMaybeGzip`.
 */
export function firstBytes(file: string, length: number, options?: PlainFileOptions): Uint8Array {
  const descriptor = openPlainFile(file, options)
  try {
    const bytes = Buffer.alloc(length)
    return bytes.subarray(0, readSync(descriptor, bytes, 0, length, 0))
  } finally {
    closeSync(descriptor)
  }
}
