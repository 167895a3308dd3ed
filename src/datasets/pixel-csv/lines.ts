import { DataError } from '../../platform/errors.js'
import { mostCsvLineBytes } from '../limits.js'
import { type OpenedFile, UnpackingBudget } from '../unpack.js'
import type { Line } from './cells.js'

const pieceBytes = 1 << 20
const [lineFeed, carriageReturn, blank] = [0x0a, 0x0d, 0x20]

/**
 * The lines of a text file that are not blank, in groups of about 1 MiB, without the byte order mark. Lines end in LF or
 * CR LF.
 *
 * @throws DataError for UTF-16, a line of more than 16 MiB, and a packed file that unpacks to too much.
 */
export async function* lineGroups(file: string, source: OpenedFile): AsyncGenerator<Generator<Line>> {
  let number = 1
  let isFirst = true
  for await (const block of blocks(source, () => number, file)) {
    const from = isFirst ? startOf(file, block) : 0
    isFirst = false
    yield linesOf(block, from, number)
    for (let at = block.indexOf(lineFeed); at >= 0; at = block.indexOf(lineFeed, at + 1)) number++
  }
}

function* linesOf(bytes: Buffer, start: number, first: number): Generator<Line> {
  let number = first
  for (let from = start; from < bytes.length; number++) {
    if (bytes[from] === lineFeed) {
      from++
      continue
    }
    const found = bytes.indexOf(lineFeed, from)
    const next = found < 0 ? bytes.length : found
    const to = next > from && bytes[next - 1] === carriageReturn ? next - 1 : next
    if (!isBlank(bytes, from, to)) yield { bytes, from, to, number }
    from = next + 1
  }
}

function isBlank(bytes: Buffer, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (bytes[i] !== blank) return false
  return true
}

/** Where the text begins. */
function startOf(file: string, bytes: Buffer): number {
  const [a, b, c] = bytes
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) {
    throw new DataError(`${file}:1:1  is a text in UTF-16. Save the table as UTF-8.`)
  }
  return a === 0xef && b === 0xbb && c === 0xbf ? 3 : 0
}

/** Whole lines, in blocks. */
async function* blocks(
  { reader, fileBytes, isPacked }: OpenedFile,
  line: () => number,
  file: string,
): AsyncGenerator<Buffer> {
  const budget = isPacked ? new UnpackingBudget(fileBytes) : null
  let rest: Buffer = Buffer.alloc(0)
  for (;;) {
    const piece = await reader.read(pieceBytes)
    budget?.spend(piece.length)
    const bytes = Buffer.concat([rest, piece])
    if (piece.length < pieceBytes) {
      if (bytes.length > 0) yield bytes
      return
    }
    const end = bytes.lastIndexOf(lineFeed) + 1
    if (end > 0) yield bytes.subarray(0, end)
    rest = bytes.subarray(end)
    if (rest.length > mostCsvLineBytes) {
      throw new DataError(
        `${file}:${line()}:1  is a line of more than ${mostCsvLineBytes} bytes, the most that are read. Write one image a line.`,
      )
    }
  }
}
