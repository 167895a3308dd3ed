import { DataError } from '../platform/errors.js'
import { mostTarEntries } from './limits.js'
import { ByteReader, type UnpackingBudget } from './unpack.js'

/** A regular file in an archive. */
export interface TarFile {
  readonly name: string
  /** Empty if not requested. */
  readonly bytes: Uint8Array
}

const blockBytes = 512

/** The files to read from an archive, and limits. */
export interface TarOptions {
  /** Whether to read a file's bytes; others are listed without. */
  readonly wants: (name: string) => boolean
  /** Maximum size of a requested file, in bytes. */
  readonly mostFileBytes: number
  /** The budget for all unpacked bytes, including headers and files not requested. */
  readonly budget: UnpackingBudget
}

/**
 * The regular files, in order, of a tar archive (POSIX ustar, and the older layouts that share its fields) that arrives
 * in chunks of any size. Folders, links and extension records are skipped.
 *
 * @throws DataError if a header's checksum is wrong, the archive ends too early or is larger than `options` allow.
 */
export async function* readTar(chunks: AsyncIterable<Uint8Array>, options: TarOptions): AsyncGenerator<TarFile> {
  const { wants, mostFileBytes, budget } = options
  const input = new ByteReader(chunks)
  const padding = (size: number): number => (blockBytes - (size % blockBytes)) % blockBytes
  for (let entries = 0; ; entries++) {
    budget.spend(blockBytes)
    const header = await input.read(blockBytes)
    if (header.length < blockBytes) throw endsEarly()
    // The end is two blocks of zeros; like tar, accept one, but not none.
    if (header.every((byte) => byte === 0)) return
    if (entries === mostTarEntries) throw new DataError(`it has more than ${mostTarEntries} entries: no data set has.`)
    if (checksum(header) !== octal(header, 148, 8)) {
      throw new DataError('a tar header has a wrong checksum: this is no tar archive, or it is damaged.')
    }
    const size = octal(header, 124, 12)
    // Checked before memory is allocated for a size that a damaged header may claim.
    budget.spend(size + padding(size))
    const type = text(header, 156, 1)
    const name = fileName(header)
    const isFile = type === '0' || type === ''
    if (!isFile || !wants(name)) {
      if ((await input.skip(size)) < size) throw endsEarly()
      if (isFile) yield { name, bytes: new Uint8Array(0) }
    } else {
      if (size > mostFileBytes) {
        throw new DataError(`${name} in it has ${size} bytes, and at most ${mostFileBytes} are read.`)
      }
      const bytes = await input.read(size)
      if (bytes.length < size) throw endsEarly()
      yield { name, bytes }
    }
    if ((await input.skip(padding(size))) < padding(size)) throw endsEarly()
  }
}

const endsEarly = (): DataError => new DataError('the tar archive ends too early: it is damaged or incomplete.')

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
