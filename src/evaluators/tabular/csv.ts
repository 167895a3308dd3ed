import { CsvError, parse } from 'csv-parse/sync'
import { DataError } from '../../platform/errors.js'

/** Limits of a table. NAS-Bench-201's with every column has 15,625 lines and 10 MB. */
export const mostCsvBytes = 64 * 2 ** 20
const mostCsvRows = 450_000
const mostCsvCells = 5_000_000
const mostCsvColumns = 2_000
const mostRecordCharacters = 2 ** 20

/** A line of a table, with the data needed to report the position of a cell. */
export interface CsvRow {
  readonly cells: readonly string[]
  /** Line at which the record starts, from 1. */
  readonly line: number
  /** The raw text in the file. */
  readonly raw: string
}

/** Comma-separated values (RFC 4180, a byte order mark and empty lines allowed) under a header. */
export interface CsvFile {
  readonly file: string
  readonly header: CsvRow
  readonly rows: readonly CsvRow[]
}

/**
 * Reads the text of a CSV file.
 *
 * @throws DataError `FILE:LINE:COLUMN  ...` if it is not CSV, is empty, or a line has more or fewer cells than the header.
 */
export function parseCsv(file: string, text: string): CsvFile {
  const [header, ...rows] = parseRecords(file, text)
  if (header === undefined) throw new DataError(`${file}:1:1  is empty. It needs a header with a column "arch".`)
  return { file, header, rows }
}

function parseRecords(file: string, text: string): CsvRow[] {
  let header: CsvRow | null = null
  let rows = 0
  let cells = 0
  const onRecord = ({ record, info, raw }: CsvRecord): CsvRow => {
    const own = raw.trim()
    const row = { cells: record, line: info.lines - (own.match(/\n/g)?.length ?? 0), raw: own }
    const where = `${file}:${row.line}:1 `
    header ??= row
    rows++
    cells += record.length
    if (header.cells.length > mostCsvColumns) {
      throw new DataError(`${where} has ${header.cells.length} columns, and at most ${mostCsvColumns} are read.`)
    }
    if (record.length !== header.cells.length) {
      throw new DataError(
        `${where} has ${record.length} cells, but the header has ${header.cells.length}. Complete the line.`,
      )
    }
    if (rows > mostCsvRows + 1) throw new DataError(`${where} exceeds the limit of ${mostCsvRows} lines.`)
    if (cells > mostCsvCells) throw new DataError(`${where} exceeds the limit of ${mostCsvCells} cells.`)
    return row
  }
  const options = {
    bom: true,
    info: true,
    raw: true,
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
    max_record_size: mostRecordCharacters,
    on_record: onRecord,
  }
  try {
    // The types of csv-parse do not follow `info`, `raw` and `on_record`.
    return parse(text, options as object) as unknown as CsvRow[]
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const line = 'lines' in error ? error.lines : 1
    throw new DataError(`${file}:${line}:1  is not valid CSV: ${error.message}. Mend the line.`, { cause: error })
  }
}

interface CsvRecord {
  readonly record: readonly string[]
  readonly info: { readonly lines: number }
  readonly raw: string
}

/** `FILE:LINE:COLUMN` of a row's cell `index`, counted in characters from 1. */
export function cellPosition({ file }: CsvFile, { line, raw }: CsvRow, index: number): string {
  let cell = 0
  let start = 0
  let isQuoted = false
  for (let i = 0; i < raw.length && cell < index; i++) {
    if (raw[i] === '"') isQuoted = !isQuoted
    if (raw[i] !== ',' || isQuoted) continue
    cell++
    start = i + 1
  }
  return `${file}:${line}:${start + 1}`
}
