import { Readable, type Writable } from 'node:stream'
import { extract, type Header } from 'tar-stream'
import { DataError } from '../platform/errors.js'
import { fileNameText } from '../platform/file-name-text.js'
import { mostTarEntries } from './limits.js'
import type { UnpackingBudget } from './unpack.js'

/** A regular file in an archive. */
export interface TarFile {
  readonly name: string
  readonly size: number
  /** Where its bytes start in the archive, unpacked. */
  readonly offset: number
  /** Empty if not requested. */
  readonly bytes: Uint8Array
}

/** The files to read from an archive, and limits. */
export interface TarOptions {
  /** Whether to read a file's bytes; others are listed without. */
  readonly wants: (name: string) => boolean
  /** Maximum size of a requested file, in bytes. */
  readonly mostFileBytes: number
  /** Maximum number of entries; default: those of a published data set. */
  readonly mostEntries?: number
  /** The budget for all unpacked bytes, including headers and files not requested. */
  readonly budget: UnpackingBudget
}

/**
 * The regular files, in order, of a tar archive (ustar, GNU or pax, with names of any length) that arrives in chunks of any
 * size. Folders and links are skipped.
 *
 * @throws DataError if a header's checksum is wrong, the archive ends too early or is larger than `options` allow.
 */
export async function* readTar(chunks: AsyncIterable<Uint8Array>, options: TarOptions): AsyncGenerator<TarFile> {
  const { wants, mostFileBytes, mostEntries = mostTarEntries, budget } = options
  const end = new ArchiveEnd()
  // The oldest layout has no mark of its format; its headers have checksums, too.
  const parser = extract({ allowUnknownFormat: true, filenameEncoding: 'latin1' } as object)
  const source = Readable.from(watched(chunks, budget, end))
  source.on('error', (error) => parser.destroy(error)).pipe(parser as unknown as Writable)
  let entries = 0
  try {
    for await (const entry of parser) {
      const { pax, size, type, byteOffset } = entry.header as PlacedHeader
      // Names in headers come as bytes, those in pax records as text.
      const isText = typeof (pax as { readonly path?: unknown } | null)?.path === 'string'
      const name = isText ? entry.header.name : fileNameText(Buffer.from(entry.header.name, 'latin1'))
      // The parser lets sizes pass that are no numbers, and then waits for ever.
      if (!Number.isSafeInteger(size)) throw damagedHeader()
      if (entries++ === mostEntries) throw new DataError(`it has more than ${mostEntries} entries: no data set has.`)
      const isFile = type === 'file' || type === 'contiguous-file'
      if (!isFile || !wants(name)) {
        entry.resume()
        if (isFile) yield { name, size, offset: byteOffset, bytes: new Uint8Array(0) }
        continue
      }
      if (size > mostFileBytes) {
        throw new DataError(`${name} in it has ${size} bytes, and at most ${mostFileBytes} are read.`)
      }
      yield { name, size, offset: byteOffset, bytes: await joined(entry as AsyncIterable<Uint8Array>) }
    }
  } catch (cause) {
    throw explained(cause)
  } finally {
    source.destroy()
  }
  // The parser takes an archive that is cut between two files for a whole one.
  if (!end.isThere) throw endsEarly()
}

/** What the types of tar-stream do not name. */
interface PlacedHeader extends Header {
  readonly byteOffset: number
}

async function* watched(
  chunks: AsyncIterable<Uint8Array>,
  budget: UnpackingBudget,
  end: ArchiveEnd,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    budget.spend(chunk.length)
    end.see(chunk)
    yield chunk
  }
}

const blockBytes = 512

/** The end is two blocks of zeros; like tar, accept one, but not none. */
class ArchiveEnd {
  #zeros = 0

  see(chunk: Uint8Array): void {
    const last = chunk.findLastIndex((byte) => byte !== 0)
    this.#zeros = last < 0 ? this.#zeros + chunk.length : chunk.length - 1 - last
  }

  get isThere(): boolean {
    return this.#zeros >= blockBytes
  }
}

async function joined(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for await (const part of stream) parts.push(part)
  return Buffer.concat(parts)
}

const endsEarly = (cause?: unknown): DataError =>
  new DataError('the tar archive ends too early: it is damaged or incomplete.', { cause })

const damagedHeader = (cause?: unknown): DataError =>
  new DataError('a tar header has a wrong checksum: this is not a tar archive, or it is damaged.', { cause })

function explained(cause: unknown): unknown {
  if (cause instanceof DataError || !(cause instanceof Error)) return cause
  if (/Unexpected end of data/.test(cause.message)) return endsEarly(cause)
  if (!/Invalid tar header|Invalid header|Header exceeds/.test(cause.message)) return cause
  return damagedHeader(cause)
}
