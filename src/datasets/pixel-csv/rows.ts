import { DataError } from '../../platform/errors.js'
import { shorten } from '../../platform/shorten.js'
import { mostClasses, type SplitName } from '../dataset.js'
import { readSplitName } from '../folders/split-names.js'
import { mostCsvRows } from '../limits.js'
import { cellEnd, cellText, type Line, numberAt, openQuote, placeIn } from './cells.js'
import type { Columns } from './columns.js'
import { PixelValues } from './pixel-values.js'

/** The images of a split, row by row. */
export interface Rows {
  readonly pixels: PixelValues
  /** The text of each label. */
  readonly labels: string[]
}

/** Where the images of a table without a column of splits go. */
export type RowsName = SplitName | 'all'

const [zero, blank] = [0x30, 0x20]

/** Reads the lines of a table of pixels below its header. */
export class RowReader {
  readonly rows = new Map<RowsName, Rows>()
  readonly #file: string
  readonly #columns: Columns
  readonly #separator: number
  readonly #hasList: boolean
  readonly #splits = new Map<string, RowsName>()
  readonly #labels = new Map<string, string>()
  /** Pixels of an image, and the line that tells. */
  #expected: { readonly pixels: number; readonly line: number } | null
  #count = 0

  constructor(file: string, columns: Columns, separator: number) {
    this.#file = file
    this.#columns = columns
    this.#separator = separator
    this.#hasList = columns.kinds.includes('pixels')
    const pixels = columns.kinds.filter((kind) => kind === 'pixel').length
    this.#expected = this.#hasList ? null : { pixels, line: 1 }
  }

  /** Pixels of an image; 0 before the first. */
  get pixels(): number {
    return this.#expected?.pixels ?? 0
  }

  /**
   * Reads a line.
   *
   * @param fraction how much of the file is read, 0..1
   * @throws DataError `FILE:LINE:COLUMN  ...` for anything but numbers, labels and splits where they are expected.
   */
  read(line: Line, fraction: number): void {
    if (++this.#count > mostCsvRows) {
      throw new DataError(
        `${placeIn(this.#file, line, line.from)} is beyond ${mostCsvRows} rows, the most that are read.`,
      )
    }
    // The split decides where pixels go, and may stand behind them.
    const { kinds } = this.#columns
    const split = kinds.includes('split') ? this.#splitOf(line) : 'all'
    let rows = this.rows.get(split)
    if (rows === undefined) {
      rows = { pixels: new PixelValues(), labels: [] }
      this.rows.set(split, rows)
    }
    const { bytes, to } = line
    const { pixels, labels } = rows
    if (!this.#hasList) this.#reserve(line, pixels, this.pixels, fraction)
    let at = line.from
    for (let column = 0; column < kinds.length; column++) {
      if (at > to) throw this.#wrongLength(line)
      const kind = kinds[column]
      if (kind === 'pixel') {
        at = this.#pixel(line, at, this.#separator, pixels)
        continue
      }
      const end = this.#end(line, at)
      if (kind === 'label') labels.push(this.#label(line, at, end))
      else if (kind === 'pixels') this.#list(line, at, end, pixels, fraction)
      at = end + 1
    }
    if (at !== to + 1 || bytes.length < to) throw this.#wrongLength(line)
  }

  /** Reads one number, and returns where the next cell begins. */
  #pixel(line: Line, from: number, separator: number, pixels: PixelValues): number {
    const { bytes, to } = line
    // Most are a few digits.
    let at = from
    let value = 0
    while (at < to) {
      const digit = (bytes[at] as number) - zero
      if (digit < 0 || digit > 9) break
      value = 10 * value + digit
      at++
    }
    if (at > from && at - from < 16 && (at === to || bytes[at] === separator)) {
      pixels.push(value)
      return at + 1
    }
    const end = separator === blank ? wordEnd(bytes, at, to) : this.#end(line, from)
    const slow = numberAt(bytes, from, end)
    if (!Number.isFinite(slow)) throw this.#noNumber(line, from, end)
    pixels.push(slow)
    return end + 1
  }

  /** All pixels in one cell, with blanks between them. */
  #list(line: Line, from: number, to: number, pixels: PixelValues, fraction: number): void {
    const { bytes } = line
    let [start, end] = [from, to]
    while (start < end && isAround(bytes[start] as number)) start++
    while (start < end && isAround(bytes[end - 1] as number)) end--
    this.#reserve(line, pixels, (end - start + 1) >> 1, fraction)
    const before = pixels.length
    const cell = { ...line, to: end }
    for (let at = start; at < end; ) {
      if (bytes[at] === blank) at++
      else at = this.#pixel(cell, at, blank, pixels)
    }
    const found = pixels.length - before
    this.#expected ??= { pixels: found, line: line.number }
    if (found === this.#expected.pixels) return
    throw new DataError(
      `${placeIn(this.#file, line, from)} has ${found} pixels, line ${this.#expected.line} has ${this.#expected.pixels}. ` +
        'Complete it, or leave the row out.',
    )
  }

  #reserve(line: Line, pixels: PixelValues, count: number, fraction: number): void {
    try {
      pixels.reserve(count, fraction)
    } catch (cause) {
      if (!(cause instanceof DataError)) throw cause
      throw new DataError(`${placeIn(this.#file, line, line.from)} ${cause.message}. Leave rows out.`, { cause })
    }
  }

  #label(line: Line, from: number, to: number): string {
    const text = cellText(this.#file, line, from, to)
    const known = this.#labels.get(text)
    if (known !== undefined) return known
    if (text === '') {
      throw new DataError(`${placeIn(this.#file, line, from)} has an empty label. Fill it, or leave the row out.`)
    }
    if (this.#labels.size === mostClasses) {
      throw new DataError(
        `${placeIn(this.#file, line, from)} is label number ${mostClasses + 1} that differs from all before it, but 2 to ` +
          `${mostClasses} classes are supported. Check that this column holds classes.`,
      )
    }
    this.#labels.set(text, text)
    return text
  }

  #splitOf(line: Line): RowsName {
    const { kinds } = this.#columns
    let at = line.from
    for (let column = 0; column < kinds.indexOf('split'); column++) {
      if (at > line.to) throw this.#wrongLength(line)
      at = this.#end(line, at) + 1
    }
    if (at > line.to) throw this.#wrongLength(line)
    const text = cellText(this.#file, line, at, this.#end(line, at))
    const split = this.#splits.get(text) ?? splitNamed(text)
    if (split === null) {
      throw new DataError(
        `${placeIn(this.#file, line, at)} is ${shown(text)}, which names no split. Write train, validation or test.`,
      )
    }
    this.#splits.set(text, split)
    return split
  }

  #end(line: Line, at: number): number {
    const end = cellEnd(line.bytes, at, line.to, this.#separator)
    if (end < 0) throw openQuote(this.#file, line, at)
    return end
  }

  #noNumber(line: Line, from: number, to: number): DataError {
    const text = line.bytes.toString('utf8', from, Math.min(to, from + 200)).trim()
    const what = text === '' ? 'is empty' : `is ${shown(text)}, not a number`
    return new DataError(
      `${placeIn(this.#file, line, from)} ${what}; pixels are numbers. Fill it, or leave the row out.`,
    )
  }

  #wrongLength(line: Line): DataError {
    let cells = 0
    for (let at = line.from; at <= line.to; cells++) at = this.#end(line, at) + 1
    return new DataError(
      `${placeIn(this.#file, line, line.from)} has ${cells} cells, but the first line has ${this.#columns.kinds.length}. ` +
        'Complete the line, or leave it out.',
    )
  }
}

/** The split that a cell names; FER2013 calls its validation images PublicTest, its test images PrivateTest. */
function splitNamed(text: string): RowsName | null {
  if (text.toLowerCase() === 'publictest') return 'validation'
  if (text.toLowerCase() === 'privatetest') return 'test'
  const role = readSplitName(text)?.role
  return role === undefined || role === 'unlabelled' ? null : role
}

function wordEnd(bytes: Buffer, from: number, to: number): number {
  let at = from
  while (at < to && bytes[at] !== blank) at++
  return at
}

const isAround = (byte: number): boolean => byte === 0x22 || byte === blank || byte === 0x09
const shown = (text: string): string => JSON.stringify(shorten(text, 40))
