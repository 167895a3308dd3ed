import { isUtf8 } from 'node:buffer'
import { DataError } from '../../platform/errors.js'

/** Part of a file: one line without its end, and where it stands. */
export interface Line {
  readonly bytes: Buffer
  readonly from: number
  readonly to: number
  /** From 1. */
  readonly number: number
}

const [quote, blank, tab, minus, point] = [0x22, 0x20, 0x09, 0x2d, 0x2e]

/** `FILE:LINE:COLUMN `, the column in characters from 1. */
export function placeIn(file: string, { bytes, from, number }: Line, at: number): string {
  return `${file}:${number}:${bytes.toString('utf8', from, at).length + 1} `
}

/** The separator of a table by its first line: the most frequent of `,`, `;` and tab outside quotes. */
export function separatorOf({ bytes, from, to }: Line): number {
  const counts = new Map([',', ';', '\t'].map((text) => [text.charCodeAt(0), 0]))
  let isQuoted = false
  for (let i = from; i < to; i++) {
    const byte = bytes[i] as number
    if (byte === quote) isQuoted = !isQuoted
    const count = isQuoted ? undefined : counts.get(byte)
    if (count !== undefined) counts.set(byte, count + 1)
  }
  return [...counts].reduce((most, other) => (other[1] > most[1] ? other : most))[0]
}

/**
 * The end of the cell that begins at `at`: the position of the next separator outside quotes, or the end of the line.
 *
 * @returns -1 if a quote is not closed on the line.
 */
export function cellEnd(bytes: Buffer, at: number, to: number, separator: number): number {
  let i = at
  while (i < to && bytes[i] === blank) i++
  if (bytes[i] !== quote || i >= to) {
    // Cells are short; a call of indexOf takes longer.
    for (i = at; i < to && bytes[i] !== separator; ) i++
    return i
  }
  let isQuoted = false
  for (; i < to; i++) {
    if (bytes[i] === quote) isQuoted = !isQuoted
    else if (bytes[i] === separator && !isQuoted) return i
  }
  return isQuoted ? -1 : to
}

/**
 * The text of a cell, without blanks and quotes around it.
 *
 * @throws DataError if it is not UTF-8.
 */
export function cellText(file: string, line: Line, from: number, to: number): string {
  const raw = line.bytes.subarray(from, to)
  if (!isUtf8(raw)) {
    throw new DataError(`${placeIn(file, line, from)} is not text in UTF-8. Save the table as UTF-8.`)
  }
  const text = raw.toString('utf8').trim()
  return text.startsWith('"') && text.endsWith('"') && text.length > 1
    ? text.slice(1, -1).replaceAll('""', '"').trim()
    : text
}

/**
 * All cells of a line.
 *
 * @throws DataError for a quote that is not closed, more than `most` cells, and text that is not UTF-8.
 */
export function cellsOf(file: string, line: Line, separator: number, most: number): readonly string[] {
  const cells: string[] = []
  for (let at = line.from; at <= line.to; ) {
    const end = cellEnd(line.bytes, at, line.to, separator)
    if (end < 0) throw openQuote(file, line, at)
    if (cells.push(cellText(file, line, at, end)) > most) {
      throw new DataError(`${placeIn(file, line, at)} is in a line of more than ${most} cells, the most that are read.`)
    }
    at = end + 1
  }
  return cells
}

/** The error for a quote without its end. */
export function openQuote(file: string, line: Line, at: number): DataError {
  return new DataError(`${placeIn(file, line, at)} begins a quote that does not end on its line. Close it.`)
}

/** Decimal numbers, as programs write them. */
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

/** The number that a text is, NaN if it is none. */
export function numberOf(text: string): number {
  return decimal.test(text) ? Number(text) : Number.NaN
}

/** The number in bytes `from` to `to`, with blanks or quotes around it; NaN if it is none. */
export function numberAt(bytes: Buffer, from: number, to: number): number {
  let [start, end] = [from, to]
  while (start < end && isAround(bytes[start] as number)) start++
  while (start < end && isAround(bytes[end - 1] as number)) end--
  // A quotient of whole numbers up to 2^53 and 10^22 is exact; anything else is left to Number.
  let [digits, count, scale] = [0, 0, 0]
  for (let at = bytes[start] === minus ? start + 1 : start; at < end; at++) {
    const digit = (bytes[at] as number) - 0x30
    if (digit >= 0 && digit <= 9) {
      digits = 10 * digits + digit
      scale *= 10
      count++
    } else if (bytes[at] === point && scale === 0) scale = 1
    else return numberOf(bytes.toString('latin1', start, end))
  }
  if (count === 0 || digits > Number.MAX_SAFE_INTEGER || scale > 1e22)
    return numberOf(bytes.toString('latin1', start, end))
  const value = scale === 0 ? digits : digits / scale
  return bytes[start] === minus ? -value : value
}

const isAround = (byte: number): boolean => byte === blank || byte === quote || byte === tab
