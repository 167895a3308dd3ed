import { closest } from '../../platform/closest.js'
import { ArchitectureError, DataError } from '../../platform/errors.js'
import { listed } from '../../platform/listed.js'
import { FileKindError, readPlainFile } from '../../platform/plain-file.js'
import { either, worded } from '../../platform/wording.js'
import type { Architecture, SearchSpace } from '../../spaces/search-space.js'
import { type CsvFile, type CsvRow, cellPosition, mostCsvBytes, parseCsv } from './csv.js'

/**
 * The unit of a column: accuracies as a fraction (all within 0..1), accuracies in percent (all within 0..100, one at
 * least above 1), or some other score.
 */
export type ColumnUnit = 'fraction' | 'percent' | 'score'

/** A column: one number per architecture. */
export interface TableColumn {
  readonly name: string
  readonly unit: ColumnUnit
  /** In the order of `AccuracyTable.architectures`; accuracies are converted to 0..1. */
  readonly values: Float64Array
}

/** A table of known accuracies: a column `arch` and columns of numbers. */
export interface AccuracyTable {
  readonly file: string
  /** Each once, in the order of the file. */
  readonly architectures: readonly Architecture[]
  readonly columnNames: readonly string[]
  /** Index of an architecture in `architectures`, or undefined. */
  indexOf(architecture: Architecture): number | undefined
  /**
   * @throws DataError with a suggestion if there is no such column; with the position of the cell if one is not a
   * number.
   */
  column(name: string): TableColumn
  /**
   * A column of accuracies.
   *
   * @throws DataError as `column` does, and with the position of the first cell that is not an accuracy.
   */
  accuracies(name: string): TableColumn
  /**
   * A column of seconds per evaluation.
   *
   * @throws DataError as `column` does, and with the position of the first cell that is not more than 0.
   */
  seconds(name: string): Float64Array
}

/** How a table is checked against its search space. */
export interface TableOptions {
  readonly space: SearchSpace
  /** Whether architectures of the space may be missing. */
  readonly partial: boolean
}

const archColumn = 'arch'
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

/**
 * Reads a CSV file: a header, a column `arch` with one architecture a line, and columns of numbers, which are parsed on
 * demand. Other columns are ignored.
 *
 * @throws DataError if the file cannot be read, is not such a table, has an architecture twice or (unless `partial`)
 * lacks one.
 */
export function readAccuracyTable(file: string, options: TableOptions): AccuracyTable {
  const csv = parseCsv(file, readText(file))
  checkHeader(csv)
  const positions = readArchitectures(csv, options.space)
  if (!options.partial) checkComplete(file, positions, options.space)

  const columns = new Map<string, TableColumn>()
  const column = (name: string): TableColumn => {
    const known = columns.get(name) ?? readColumn(csv, name)
    columns.set(name, known)
    return known
  }
  return {
    file,
    architectures: [...positions.keys()],
    columnNames: csv.header.cells.filter((name) => name !== archColumn),
    indexOf: (architecture) => positions.get(architecture),
    column,
    accuracies(name) {
      const found = column(name)
      if (found.unit !== 'score') return found
      const at = found.values.findIndex((value) => value < 0 || value > 100)
      throw badCell(csv, at, name, 'an accuracy, from 0 to 1 or from 0 to 100 percent')
    },
    seconds(name) {
      // Raw values: seconds below 100 are not percentages.
      const values = readNumbers(csv, columnIndex(csv, name))
      const at = values.findIndex((value) => value <= 0)
      if (at >= 0) throw badCell(csv, at, name, 'seconds, more than 0')
      return values
    },
  }
}

/** The number of columns that a message lists; enough for common tables. */
const mostListed = 50

function readText(file: string): string {
  try {
    return readPlainFile(file, { mostBytes: mostCsvBytes }).toString('utf8')
  } catch (error) {
    if (error instanceof FileKindError) {
      throw new DataError(`${error.message} Name a CSV file with a column "${archColumn}".`, { cause: error })
    }
    const code = (error as NodeJS.ErrnoException).code
    const reason = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`
    throw new DataError(`${file} ${reason}. Name a CSV file with a column "${archColumn}".`, { cause: error })
  }
}

function checkHeader(csv: CsvFile): void {
  const names = csv.header.cells
  if (!names.includes(archColumn)) {
    const meant = closest(archColumn, names)
    const advice =
      meant === null ? `It has: ${listed(names, { most: mostListed })}.` : `Rename "${meant}" if that is it.`
    throw new DataError(`${cellPosition(csv, csv.header, 0)}  the header has no column "${archColumn}". ${advice}`)
  }
  const seen = new Set<string>()
  const again = names.findIndex((name) => seen.size === seen.add(name).size)
  if (again < 0) return
  const where = cellPosition(csv, csv.header, again)
  throw new DataError(`${where}  a second column is named "${names[again]}". Rename or remove one.`)
}

/** Every architecture with the number of its row. */
function readArchitectures(csv: CsvFile, space: SearchSpace): ReadonlyMap<Architecture, number> {
  const cell = csv.header.cells.indexOf(archColumn)
  const positions = new Map<Architecture, number>()
  for (const [index, row] of csv.rows.entries()) {
    const architecture = parseArchitecture(csv, row, cell, space)
    const earlier = positions.get(architecture)
    if (earlier !== undefined) {
      const line = csv.rows[earlier]?.line
      throw new DataError(
        `${cellPosition(csv, row, cell)}  ${architecture} is on line ${line} already. Remove one of them.`,
      )
    }
    positions.set(architecture, index)
  }
  if (positions.size === 0) throw new DataError(`${csv.file}:2:1  there is no architecture below the header.`)
  return positions
}

function parseArchitecture(csv: CsvFile, row: CsvRow, cell: number, space: SearchSpace): Architecture {
  try {
    return space.parse(row.cells[cell] ?? '')
  } catch (error) {
    if (!(error instanceof ArchitectureError)) throw error
    throw new DataError(`${cellPosition(csv, row, cell)}  ${error.message}`, { cause: error })
  }
}

function checkComplete(file: string, positions: ReadonlyMap<Architecture, number>, space: SearchSpace): void {
  if (positions.size === space.size) return
  let first = 0
  while (positions.has(space.at(first))) first++
  throw new DataError(
    worded`${file} lacks ${space.size - positions.size} of the ${space.size} architectures of ${space.name}, such as ${space.at(first)}. Complete it, or search only its architectures with ${either('partial: true', '--partial')}.`,
  )
}

function readColumn(csv: CsvFile, name: string): TableColumn {
  const values = readNumbers(csv, columnIndex(csv, name))
  const isWithin = (limit: number): boolean => values.every((value) => value >= 0 && value <= limit)
  const unit = isWithin(1) ? 'fraction' : isWithin(100) ? 'percent' : 'score'
  return { name, unit, values: unit === 'percent' ? values.map((value) => value / 100) : values }
}

function columnIndex({ file, header }: CsvFile, name: string): number {
  const index = header.cells.indexOf(name)
  if (index >= 0 && name !== archColumn) return index
  const names = header.cells.filter((other) => other !== archColumn)
  const meant = closest(name, names)
  const advice = meant === null ? '' : ` Did you mean ${meant}?`
  throw new DataError(`${file} has no column "${name}".${advice} It has: ${listed(names, { most: mostListed })}.`)
}

function readNumbers(csv: CsvFile, index: number): Float64Array {
  return Float64Array.from(csv.rows, (row, at) => {
    const text = row.cells[index] ?? ''
    const value = decimal.test(text) ? Number(text) : Number.NaN
    if (!Number.isFinite(value)) throw badCell(csv, at, csv.header.cells[index] ?? '', 'a number')
    return value
  })
}

function badCell(csv: CsvFile, at: number, name: string, expected: string): DataError {
  const row = csv.rows[at] as CsvRow
  const index = csv.header.cells.indexOf(name)
  return new DataError(
    `${cellPosition(csv, row, index)}  ${name} must be ${expected}, got "${row.cells[index] ?? ''}".`,
  )
}
