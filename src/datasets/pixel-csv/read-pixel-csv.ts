import { counted } from '../../platform/count.js'
import { DataError, FearNasError } from '../../platform/errors.js'
import { listed } from '../../platform/listed.js'
import { messageOf } from '../../platform/message-of.js'
import { mostClasses } from '../dataset.js'
import { mostCsvColumns, mostPixelCsvBytes } from '../limits.js'
import type { NumpyArray } from '../numpy/numpy-array.js'
import { type OpenedFile, openMaybeGzip } from '../unpack.js'
import { cellsOf, type Line, numberOf, separatorOf } from './cells.js'
import { type Columns, isSquare, pixelsOf, readColumns, type Side } from './columns.js'
import { lineGroups } from './lines.js'
import type { PixelValues } from './pixel-values.js'
import { RowReader, type RowsName } from './rows.js'

/** Images, a row of pixels each, and their labels. */
export interface PixelTable {
  /** For errors: the file, and the split if it is a column. */
  readonly where: string
  readonly images: NumpyArray
  readonly labels: readonly (number | string)[]
}

/** The contents of a file. */
export interface PixelCsv {
  /** By the column of splits; `all` without one. */
  readonly tables: ReadonlyMap<RowsName, PixelTable>
  /** The column of the labels if no header names it. */
  readonly side: Side | null
  /** What was taken for the labels, and which columns are not used. */
  readonly notes: readonly string[]
}

export interface PixelCsvOptions {
  /** The column of the labels if no header names it, as in another file of the data set. */
  readonly side?: Side | null
  /** Called with the share of the file that is read, 0..1. */
  readonly onProgress?: (fraction: number) => void
}

const next = 'Give one image a line: its label and its pixels, under a header such as label,pixel0,pixel1.'
/** Tables with fewer columns of numbers are something else, unless the user says that they are images. */
const fewestPixels = 16

/**
 * Reads a table of pixels, packed by gzip or not: one image a line, with its label in a column of its own, or FER2013's
 * emotion, pixels and Usage. Separated by commas, semicolons or tabs.
 *
 * @returns null if it has no labels.
 * @throws DataError `FILE:LINE:COLUMN  problem. next step` for anything else.
 * @throws FileKindError for anything but a plain file.
 */
export async function readPixelCsv(file: string, { side, onProgress }: PixelCsvOptions = {}): Promise<PixelCsv | null> {
  const source = openMaybeGzip(file, { mostBytes: mostPixelCsvBytes })
  try {
    const head: Line[] = []
    let reader: RowReader | null = null
    let columns: Columns | null = null
    for await (const lines of lineGroups(file, source)) {
      const fraction = source.fractionRead()
      for (const line of lines) {
        if (reader !== null) {
          reader.read(line, fraction)
          continue
        }
        if (head.push(line) < 2) continue
        columns = columnsOf(file, head)
        if (columns.label === 'none') return null
        reader = new RowReader(file, columns, separatorOf(head[0] as Line))
        for (const row of columns.hasHeader ? head.slice(1) : head) reader.read(row, fraction)
      }
      onProgress?.(fraction)
    }
    if (reader === null || columns === null) throw new DataError(`${file}: it has no rows. ${next}`)
    return finished(file, columns, reader, side ?? null)
  } catch (cause) {
    if (cause instanceof FearNasError && cause.message.startsWith(file)) throw cause
    throw new DataError(`${file}: it cannot be read (${messageOf(cause)}). Check it and its permissions.`, { cause })
  } finally {
    await source.reader.close()
  }
}

/** Whether a file is a table of pixels, by its first lines; false if it cannot be read. */
export async function isPixelCsv(file: string): Promise<boolean> {
  let source: OpenedFile | null = null
  try {
    source = openMaybeGzip(file)
    const head: Line[] = []
    for await (const lines of lineGroups(file, source)) {
      for (const line of lines) if (head.push(line) === 2) break
      break
    }
    if (head.length < 2) return false
    const columns = columnsOf(file, head)
    const pixels = pixelsOf(columns)
    return columns.kinds.includes('pixels') || (pixels >= fewestPixels && isSquare(pixels))
  } catch (cause) {
    // What is wrong with the file is said when it is read.
    if (cause instanceof FearNasError || (cause instanceof Error && 'code' in cause)) return false
    throw cause
  } finally {
    await source?.reader.close()
  }
}

function columnsOf(file: string, [first, second]: readonly Line[]): Columns {
  const cells = (line: Line | undefined, separator: number): readonly string[] | null =>
    line === undefined ? null : cellsOf(file, line, separator, mostCsvColumns)
  const separator = first === undefined ? 0 : separatorOf(first)
  const names = cells(first, separator) ?? []
  try {
    const columns = readColumns(names, cells(second, separator))
    if (columns !== null) return columns
  } catch (cause) {
    if (!(cause instanceof DataError) || cause.message.startsWith(file)) throw cause
    throw new DataError(`${file}:1:1  ${cause.message}.`, { cause })
  }
  const shown = listed(names, { most: 5, longest: 20, others: 'more cells' })
  throw new DataError(`${file}:1:1  is no table of pixels (its first line is ${shown}). ${next}`)
}

function finished(file: string, columns: Columns, reader: RowReader, given: Side | null): PixelCsv {
  const tables = new Map<RowsName, PixelTable>()
  const notes = [
    ...(columns.note === null ? [] : [`${file}: ${columns.note}`]),
    ...(columns.unused.length === 0
      ? []
      : [`${file}: columns not used: ${listed(columns.unused.map((name) => JSON.stringify(name)))}`]),
  ]
  let side: Side | null = null
  for (const [name, { pixels, labels }] of reader.rows) {
    const where = name === 'all' ? file : `${file}: ${name}`
    let [texts, width]: [readonly string[], number] = [labels, reader.pixels]
    if (columns.label === 'ends') {
      side = given ?? sideOf(file, pixels, width)
      texts = columnAt(pixels, width, side).map(String)
      pixels.dropColumn(width, side)
      width--
      const classes = counted(new Set(texts).size, 'different number')
      const header = columns.hasHeader ? 'its header does not name the labels' : 'it has no header'
      notes.push(`${file}: ${header}: the ${side} column, with ${classes}, was taken for them`)
    }
    if (!isSquare(width)) {
      const not =
        columns.unused.length === 0 ? '' : ` (without ${listed(columns.unused.map((text) => JSON.stringify(text)))})`
      throw new DataError(
        `${file}: its images have ${counted(width, 'pixel')}${not}, which make no square, neither grey nor in three ` +
          'colours. Leave other columns out; save other shapes as arrays (.npz), N x H x W.',
      )
    }
    tables.set(name, { where, images: pixels.toArray(width), labels: labelsOf(where, texts) })
  }
  return { tables, side, notes }
}

function columnAt(pixels: PixelValues, columns: number, side: Side): readonly number[] {
  const start = side === 'first' ? 0 : columns - 1
  return Array.from({ length: pixels.length / columns }, (_, row) => pixels.at(row * columns + start))
}

/** Different numbers up to which a column without a name may hold labels although each occurs once only. */
const mostUniqueLabels = 256

/** The first column if it holds classes, else the last. */
function sideOf(file: string, pixels: PixelValues, columns: number): Side {
  for (const side of ['first', 'last'] as const) {
    const column = columnAt(pixels, columns, side)
    const values = new Set(column)
    // Numbers of rows are all different.
    const most = values.size === column.length ? mostUniqueLabels : mostClasses
    if (values.size > 1 && values.size <= most && [...values].every(Number.isInteger)) return side
  }
  throw new DataError(
    `${file}: no column is called label, and neither the first nor the last holds 2 to ${mostClasses} whole numbers. ` +
      'Give the column of labels the name label, in a header.',
  )
}

/** Numbers if all are, else texts. */
function labelsOf(where: string, texts: readonly string[]): readonly (number | string)[] {
  const different = [...new Set(texts)]
  if (different.some((text) => Number.isNaN(numberOf(text)))) return texts
  const wrong = different.find((text) => !Number.isSafeInteger(numberOf(text)))
  if (wrong !== undefined) throw new DataError(`${where}: label ${wrong} is not a whole number. Number the classes.`)
  const numbers = new Map(different.map((text) => [text, numberOf(text)]))
  return texts.map((text) => numbers.get(text) as number)
}
