import { DataError } from '../platform/errors.js'

/** Images read from JSON text: `[count, pixelsPerImage]` bytes, and the rows that held no pixel at all. */
export interface PixelRows {
  readonly count: number
  readonly pixels: Uint8Array
  /** Indices among all rows, including empty ones. */
  readonly emptyRows: readonly number[]
}

const comma = 0x2c
const zero = 0x30
const nine = 0x39
const open = 0x5b
const close = 0x5d

/**
 * Reads `{"data":[[0,17,255,...],[...],...]}`, 15 MB of it in some 0.1 s: JSON.parse would first build millions of
 * boxed arrays. Every row must have `pixelsPerImage` integers in 0..255 or be empty; empty rows are left out.
 *
 * @param file names the text in errors.
 * @throws DataError if the text is anything else.
 */
export function parsePixelRows(json: Uint8Array, pixelsPerImage: number, file: string): PixelRows {
  const fail = (offset: number, problem: string): never => {
    throw new DataError(`${file}: ${problem} at byte ${offset}. The file is damaged: install its package again.`)
  }
  // A pixel takes at least two characters, a digit and a comma.
  const pixels = new Uint8Array(Math.ceil(json.length / 2))
  const emptyRows: number[] = []
  let written = 0
  let rows = 0
  let depth = 0
  let rowStart = 0
  let value = -1
  let offset = startOfList(json)
  if (offset < 0) fail(0, 'no {"data":[ is found')
  for (; offset < json.length; offset++) {
    const character = json[offset] as number
    if (character >= zero && character <= nine && depth === 2) {
      value = (value < 0 ? 0 : value * 10) + character - zero
      if (value > 255) fail(offset, 'a pixel above 255 stands')
      continue
    }
    if (value >= 0) {
      pixels[written++] = value
      value = -1
    } else if (character === comma && depth === 2) {
      fail(offset, 'a pixel is missing')
    }
    if (character === comma) continue
    if (character === open) {
      depth++
      if (depth > 2) fail(offset, 'a third bracket opens')
      rowStart = written
    } else if (character === close) {
      depth--
      if (depth === 0) break
      if (written === rowStart) emptyRows.push(rows)
      else if (written - rowStart !== pixelsPerImage) {
        fail(offset, `a row of ${written - rowStart} instead of ${pixelsPerImage} pixels ends`)
      }
      rows++
    } else {
      fail(offset, `the unexpected character "${String.fromCharCode(character)}" stands`)
    }
  }
  if (depth !== 0 || offset === json.length) fail(json.length, 'the text ends too early')
  return { count: rows - emptyRows.length, pixels: pixels.subarray(0, written), emptyRows }
}

/** Offset of the bracket that opens the list of rows, or -1. */
function startOfList(json: Uint8Array): number {
  const opening = '{"data":['
  return Buffer.from(json.subarray(0, opening.length)).equals(Buffer.from(opening)) ? opening.length - 1 : -1
}
