import {
  closeSync,
  constants,
  createReadStream,
  fstatSync,
  openSync,
  type ReadStream,
  readFileSync,
  readSync,
  type Stats,
} from 'node:fs'
import { FearNasError } from './errors.js'

/** The file to read is not a plain file, or too large. */
export class FileKindError extends FearNasError {
  override readonly exitCode = 2
}

/** The file has more bytes than are read. */
export class FileSizeError extends FileKindError {}

/** `readFileSync` refuses more than 2 GiB, and one call of `read` does not return more. */
const mostBytesAtOnce = 2 ** 30

export interface PlainFileOptions {
  /** A larger file is refused. */
  readonly mostBytes?: number
  /** Whether to follow a symbolic link at the end of the path; default true. Otherwise the system's error is ELOOP. */
  readonly followLinks?: boolean
}

/**
 * The bytes of a plain file. A named pipe, a device, a socket or a folder is refused before reading, without waiting
 * for a writer.
 *
 * @throws FileKindError for anything but a plain file, FileSizeError for more than `mostBytes`; otherwise the system's error.
 */
export function readPlainFile(file: string, options: PlainFileOptions = {}): Buffer {
  const descriptor = openPlainFile(file, options)
  try {
    const { size } = fstatSync(descriptor)
    return size <= mostBytesAtOnce ? readFileSync(descriptor) : readInPieces(descriptor, size)
  } finally {
    closeSync(descriptor)
  }
}

/**
 * The next `size` bytes of an open file of any length; fewer if it ends before.
 *
 * @param pieceBytes how many are read by one call
 */
export function readInPieces(descriptor: number, size: number, pieceBytes = mostBytesAtOnce): Buffer {
  const bytes = Buffer.allocUnsafeSlow(size)
  let filled = 0
  while (filled < size) {
    const read = readSync(descriptor, bytes, filled, Math.min(pieceBytes, size - filled), null)
    if (read === 0) break
    filled += read
  }
  return bytes.subarray(0, filled)
}

/**
 * Opens a plain file for reading.
 *
 * @returns its descriptor, to be closed by the caller.
 * @throws as `readPlainFile`.
 */
export function openPlainFile(
  file: string,
  { mostBytes = Infinity, followLinks = true }: PlainFileOptions = {},
): number {
  // Otherwise opening a named pipe waits for a writer. Windows has neither this flag nor such files.
  const { O_NOFOLLOW = 0, O_NONBLOCK = 0, O_RDONLY } = constants
  const descriptor = openSync(file, O_RDONLY | O_NONBLOCK | (followLinks ? 0 : O_NOFOLLOW))
  try {
    const stats = fstatSync(descriptor)
    if (!stats.isFile()) throw notPlain(file, stats)
    if (stats.size > mostBytes) throw tooLarge(file, stats.size, mostBytes)
    return descriptor
  } catch (error) {
    closeSync(descriptor)
    throw error
  }
}

/** The error for anything but a plain file, for callers that already have its status. */
export function notPlain(file: string, stats: Stats): FileKindError {
  return new FileKindError(`${file} is ${kindOf(stats)}; a plain file is expected here.`)
}

function tooLarge(file: string, bytes: number, mostBytes: number): FileSizeError {
  return new FileSizeError(`${file} has ${bytes} bytes, more than the limit of ${mostBytes}.`)
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'a folder'
  if (stats.isFIFO()) return 'a named pipe'
  if (stats.isSocket()) return 'a socket'
  if (stats.isSymbolicLink()) return 'a symbolic link'
  return 'a device'
}

/**
 * The bytes of a plain file as a stream of 1 MiB chunks, and their total; refuses what `readPlainFile` refuses.
 *
 * @throws as `readPlainFile`, before anything is read.
 */
export function streamPlainFile(
  file: string,
  options: PlainFileOptions = {},
): { readonly stream: ReadStream; readonly bytes: number } {
  const descriptor = openPlainFile(file, options)
  const { size } = fstatSync(descriptor)
  return { stream: createReadStream(file, { fd: descriptor, highWaterMark: 1 << 20 }), bytes: size }
}
