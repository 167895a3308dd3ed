import { CsvError, parse } from 'csv-parse/sync'
import { DataError } from '../../../platform/errors.js'
import { mostLabelCells } from '../../limits.js'
import { shell } from '../../unread/commands.js'

/** A table that may have labels of images: the cells of each row under names of columns. */
export interface LabelTable {
  readonly file: string
  /** Numbers from 1 for a table without a header. */
  readonly columns: readonly string[]
  readonly rows: readonly LabelRow[]
}

export interface LabelRow {
  readonly cells: readonly string[]
  /** From 1. */
  readonly line: number
}

/** Names by which a file is taken for a table without being asked for. */
const tableName = /(\.(csv|tsv|jsonl)|[_-]annotations\.txt)$/i

export function isTableName(name: string): boolean {
  return tableName.test(name)
}

/**
 * Reads a table: comma-, semicolon- or tab-separated values, or lines of JSON objects.
 *
 * @param isHeader whether the first row of separated values names the columns
 * @throws DataError `FILE:LINE` for anything else, and for a table of no rows.
 */
export function readLabelTable(
  file: string,
  bytes: Uint8Array,
  isHeader: (cells: readonly string[]) => boolean,
): LabelTable {
  const text = textOf(file, bytes)
  const table = file.toLowerCase().endsWith('.jsonl') ? jsonLines(file, text) : separated(file, text, isHeader)
  if (table.rows.length > 0) return table
  throw new DataError(`${file}: it has no rows. Add a row for each image.`)
}

/** @throws DataError for text in another encoding than UTF-8, or UTF-16 with its mark: letters would be lost. */
function textOf(file: string, bytes: Uint8Array): string {
  const isWide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
  try {
    return new TextDecoder(isWide ? (bytes[0] === 0xff ? 'utf-16le' : 'utf-16be') : 'utf-8', { fatal: true }).decode(
      bytes,
    )
  } catch (cause) {
    const line = shell`iconv -f WINDOWS-1252 -t UTF-8 ${file} > ${`${file}.utf8`}`
    throw new DataError(
      `${file}: it is not in UTF-8. Save it as UTF-8, or convert it from its encoding, such as: ${line}`,
      {
        cause,
      },
    )
  }
}

function separated(file: string, text: string, isHeader: (cells: readonly string[]) => boolean): LabelTable {
  const rows: LabelRow[] = []
  let cells = 0
  const onRecord = ({ record, info }: CsvRecord): null => {
    const [first] = rows
    if (first !== undefined && record.length !== first.cells.length) {
      throw new DataError(
        `${file}:${info.lines}: it has ${record.length} cells, and the first line ${first.cells.length}. Correct the line.`,
      )
    }
    cells += record.length
    checkCells(file, cells)
    rows.push({ cells: record, line: info.lines })
    return null
  }
  const options = {
    bom: true,
    delimiter: delimiterOf(text),
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    trim: true,
    max_record_size: 2 ** 20,
    on_record: onRecord,
  }
  try {
    // The types of csv-parse do not follow `info` and `on_record`.
    parse(text, options as object)
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause
    const line = 'lines' in cause ? cause.lines : 1
    throw new DataError(`${file}:${line}: it is not valid CSV (${cause.message}). Correct the line.`, { cause })
  }
  const [first, ...others] = rows
  if (first === undefined) return { file, columns: [], rows }
  return isHeader(first.cells)
    ? { file, columns: first.cells, rows: others }
    : { file, columns: first.cells.map((_, i) => String(i + 1)), rows }
}

interface CsvRecord {
  readonly record: readonly string[]
  readonly info: { readonly lines: number }
}

/** The separator that the first line has most of. */
function delimiterOf(text: string): string {
  const line = text.slice(0, 2 ** 16).split('\n', 1)[0] ?? ''
  const count = (delimiter: string): number => line.split(delimiter).length
  const [best = ','] = [',', ';', '\t'].toSorted((a, b) => count(b) - count(a))
  return count(best) > 1 ? best : ' '
}

function jsonLines(file: string, text: string): LabelTable {
  const columns: string[] = []
  const rows: LabelRow[] = []
  let cells = 0
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const object = parseObject(file, i + 1, line)
    if (rows.length === 0) columns.push(...Object.keys(object).filter((key) => cellOf(object[key]) !== null))
    cells += columns.length
    checkCells(file, cells)
    rows.push({ cells: columns.map((key) => cellOf(object[key]) ?? ''), line: i + 1 })
  }
  return { file, columns, rows }
}

function parseObject(file: string, line: number, text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>
  } catch {
    // Reported below.
  }
  throw new DataError(`${file}:${line}: it is not a JSON object. Correct the line.`)
}

/** The text of a value; null for what is no label, such as a list of boxes. */
function cellOf(value: unknown): string | null {
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value).trim() : null
}

function checkCells(file: string, cells: number): void {
  if (cells <= mostLabelCells) return
  throw new DataError(`${file}: it has more than ${mostLabelCells} cells. Leave only the columns of images and labels.`)
}
