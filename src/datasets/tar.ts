import { DataError } from '../platform/errors.js'

/** A regular file in an archive. */
export interface TarFile {
  readonly name: string
  readonly bytes: Uint8Array
}

const blockBytes = 512

/**
 * The regular files, in order, of a tar archive (POSIX ustar, and the older layouts that share its fields) that
 * arrives in chunks of any size. Folders, links and extension records are passed over.
 *
 * @throws DataError where a header's checksum is wrong or the archive ends too early.
 */
export async function* readTar(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<TarFile> {
  const input = new ByteReader(chunks)
  for (;;) {
    const header = await input.read(blockBytes)
    // The end is two blocks of zeros; like tar itself, be content with one, but not with none.
    if (header.every((byte) => byte === 0)) return
    if (checksum(header) !== octal(header, 148, 8)) {
      throw new DataError('a tar header has a wrong checksum: this is no tar archive, or it is damaged.')
    }
    const size = octal(header, 124, 12)
    const bytes = await input.read(size)
    await input.read((blockBytes - (size % blockBytes)) % blockBytes)
    const type = text(header, 156, 1)
    if (type === '0' || type === '') yield { name: fileName(header), bytes }
  }
}

function fileName(header: Uint8Array): string {
  const prefix = text(header, 257, 5) === 'ustar' ? text(header, 345, 155) : ''
  return (prefix === '' ? '' : `${prefix}/`) + text(header, 0, 100)
}

/** A field's characters up to the first zero. */
function text(header: Uint8Array, start: number, length: number): string {
  const field = Buffer.from(header.subarray(start, start + length))
  const end = field.indexOf(0)
  return field.toString('utf8', 0, end < 0 ? length : end)
}

function octal(header: Uint8Array, start: number, length: number): number {
  const digits = text(header, start, length).trim()
  if (!/^[0-7]+$/.test(digits)) throw new DataError(`a tar header holds "${digits}" where an octal number must stand.`)
  return Number.parseInt(digits, 8)
}

/** Sum of the header's bytes with the checksum field itself taken as blanks. */
function checksum(header: Uint8Array): number {
  return header.reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 0x20 : byte), 0)
}

/** Cuts a stream of chunks into pieces of asked-for lengths. */
class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>
  #current: Uint8Array = new Uint8Array(0)

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]()
  }

  async read(length: number): Promise<Uint8Array> {
    const piece = new Uint8Array(length)
    let filled = 0
    while (filled < length) {
      if (this.#current.length === 0) {
        const next = await this.#chunks.next()
        if (next.done === true) throw new DataError('the tar archive ends too early: it is damaged or incomplete.')
        this.#current = next.value
      }
      const part = this.#current.subarray(0, length - filled)
      piece.set(part, filled)
      filled += part.length
      this.#current = this.#current.subarray(part.length)
    }
    return piece
  }
}
