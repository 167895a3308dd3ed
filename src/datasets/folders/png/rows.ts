import type { PngHeader } from './read-chunks.js'

/** Positions of the pixels of one pass: column `x` of row `y` goes to `left + x * stepX`, `top + y * stepY`. */
interface Pass {
  readonly left: number
  readonly top: number
  readonly stepX: number
  readonly stepY: number
}

const whole: readonly Pass[] = [{ left: 0, top: 0, stepX: 1, stepY: 1 }]
const adam7: readonly Pass[] = [
  { left: 0, top: 0, stepX: 8, stepY: 8 },
  { left: 4, top: 0, stepX: 8, stepY: 8 },
  { left: 0, top: 4, stepX: 4, stepY: 8 },
  { left: 2, top: 0, stepX: 4, stepY: 4 },
  { left: 0, top: 2, stepX: 2, stepY: 4 },
  { left: 1, top: 0, stepX: 2, stepY: 2 },
  { left: 0, top: 1, stepX: 1, stepY: 2 },
]

/** Called with each complete row. Its bytes are valid only during the call. */
export type RowSink = (
  row: Uint8Array,
  target: { readonly pass: Pass; readonly y: number; readonly width: number },
) => void

/** Rows of a pass, and how many pixels and bytes each has. */
interface PassRows {
  readonly pass: Pass
  readonly rows: number
  readonly width: number
  readonly bytes: number
}

function passesOf({ width, height, depth, channels, isInterlaced }: PngHeader): readonly PassRows[] {
  return (isInterlaced ? adam7 : whole)
    .map((pass) => {
      const columns = Math.ceil((width - pass.left) / pass.stepX)
      const rows = Math.ceil((height - pass.top) / pass.stepY)
      return { pass, rows, width: columns, bytes: Math.ceil((columns * channels * depth) / 8) }
    })
    .filter(({ rows, width: columns }) => rows > 0 && columns > 0)
}

/** Length of the unpacked image data: each row has an extra byte for its filter. */
export function unpackedBytes(header: PngHeader): number {
  return passesOf(header).reduce((sum, { rows, bytes }) => sum + rows * (1 + bytes), 0)
}

/** Splits unpacked image data, in chunks of any length, into rows, removes their filters, and passes them on. */
export class RowReader {
  readonly #sink: RowSink
  readonly #passes: readonly PassRows[]
  readonly #pixelBytes: number
  #pass = -1
  #y = 0
  /** The filter byte and the bytes of the row that is being filled, and of the one above it. */
  #row: Uint8Array = new Uint8Array(0)
  #above: Uint8Array = new Uint8Array(0)
  #filled = 0
  isDone = false

  constructor(header: PngHeader, sink: RowSink) {
    this.#sink = sink
    this.#passes = passesOf(header)
    this.#pixelBytes = Math.max(1, (header.depth * header.channels) / 8)
    this.#nextPass()
  }

  push(piece: Uint8Array): void {
    for (let from = 0; from < piece.length && !this.isDone; ) {
      const part = piece.subarray(from, from + this.#row.length - this.#filled)
      this.#row.set(part, this.#filled)
      this.#filled += part.length
      from += part.length
      if (this.#filled === this.#row.length) this.#finishRow()
    }
  }

  #finishRow(): void {
    const { pass, rows, width } = this.#passes[this.#pass] as PassRows
    unfilter(this.#row, this.#above, this.#pixelBytes)
    this.#sink(this.#row.subarray(1), { pass, y: this.#y, width })
    const free = this.#above
    this.#above = this.#row
    this.#row = free
    this.#filled = 0
    this.#y++
    if (this.#y === rows) this.#nextPass()
  }

  #nextPass(): void {
    this.#pass++
    const next = this.#passes[this.#pass]
    this.isDone = next === undefined
    this.#y = 0
    this.#row = new Uint8Array(1 + (next?.bytes ?? 0))
    // Above the first row all is 0.
    this.#above = new Uint8Array(this.#row.length)
  }
}

/** Removes a row's filter, in place. Both rows begin with their filter byte. */
function unfilter(row: Uint8Array, above: Uint8Array, pixelBytes: number): void {
  const length = row.length
  const first = Math.min(length, 1 + pixelBytes)
  const at = (bytes: Uint8Array, i: number): number => bytes[i] as number
  switch (row[0]) {
    case 0:
      return
    case 1:
      for (let i = first; i < length; i++) row[i] = at(row, i) + at(row, i - pixelBytes)
      return
    case 2:
      for (let i = 1; i < length; i++) row[i] = at(row, i) + at(above, i)
      return
    case 3:
      for (let i = 1; i < first; i++) row[i] = at(row, i) + (at(above, i) >> 1)
      for (let i = first; i < length; i++) row[i] = at(row, i) + ((at(row, i - pixelBytes) + at(above, i)) >> 1)
      return
    case 4:
      for (let i = 1; i < first; i++) row[i] = at(row, i) + at(above, i)
      for (let i = first; i < length; i++) {
        row[i] = at(row, i) + paeth(at(row, i - pixelBytes), at(above, i), at(above, i - pixelBytes))
      }
      return
    default:
      throw new Error(`a row has the filter ${row[0]}, which PNG has not`)
  }
}

/** The neighbour that is nearest to left + above - corner. */
function paeth(left: number, above: number, corner: number): number {
  const toLeft = Math.abs(above - corner)
  const toAbove = Math.abs(left - corner)
  const toCorner = Math.abs(left + above - 2 * corner)
  if (toLeft <= toAbove && toLeft <= toCorner) return left
  return toAbove <= toCorner ? above : corner
}
