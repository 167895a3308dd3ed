import { DataError } from '../../platform/errors.js'
import { listed } from '../../platform/listed.js'
import { numberOf } from './cells.js'

/** What a column holds: one pixel, the label, the name of the split, all pixels of the image, or nothing of use. */
export type ColumnKind = 'pixel' | 'label' | 'split' | 'pixels' | 'unused'

/** Where the labels are in a table whose header does not tell; then only the values do. */
export type Side = 'first' | 'last'

/** The columns of a table of pixels. */
export interface Columns {
  readonly kinds: readonly ColumnKind[]
  readonly hasHeader: boolean
  /** `named`: a column is of kind `label`; `ends`: it is the first or the last of kind `pixel`; `none`: unlabelled. */
  readonly label: 'named' | 'ends' | 'none'
  /** The columns that are not used. */
  readonly unused: readonly string[]
  /** How the label was found where its name does not say so. */
  readonly note: string | null
}

const labelNames = ['label', 'labels', 'class', 'classes', 'target', 'targets', 'y', 'emotion', 'digit', 'category']
const splitNames = ['usage', 'split', 'subset', 'set']
const pixelsNames = ['pixels', 'pixel']
/** Row numbers and names of images. */
const unusedNames = ['', 'unnamed: 0', 'index', 'idx', 'id', 'image_id', 'imageid', 'row', 'filename', 'file', 'image']
/** Fewer numbers in a line that count up are not taken for the names of columns. */
const fewestCountedNames = 16

/** So many words of a cell tell whether it is a list of numbers. */
const mostListWords = 64

const plain = (name: string): string => name.toLowerCase()
const isNumber = (cell: string): boolean => !Number.isNaN(numberOf(cell))
/** Words that stand for a missing number, which is an error of its own. */
const missing = /^([+-]?(nan|inf|infinity)|na|n\/a|null|none)$/i
const isText = (cell: string): boolean => !isNumber(cell) && /\p{L}/u.test(cell) && !missing.test(cell)
const isNumberList = (cell: string): boolean => {
  const words = cell.split(/\s+/, mostListWords)
  return words.length >= 4 && words.every(isNumber)
}
const isKnown = (name: string): boolean =>
  [labelNames, splitNames, pixelsNames].some((names) => names.includes(plain(name)))

/** Columns of single pixels, without that of the labels. */
export function pixelsOf({ kinds, label }: Columns): number {
  return kinds.filter((kind) => kind === 'pixel').length - (label === 'ends' ? 1 : 0)
}

/** Whether images of so many pixels may be square, grey or in three colours. */
export function isSquare(pixels: number): boolean {
  return [pixels, pixels / 3].some((area) => area > 1 && Number.isInteger(Math.sqrt(area)))
}

/**
 * What the columns of a table of pixels hold, by its first two lines.
 *
 * @returns null if it is no such table.
 * @throws DataError if it is one, but it is not clear which column is the label; the message does not name the file.
 */
export function readColumns(first: readonly string[], second: readonly string[] | null): Columns | null {
  // numpy.savetxt writes its header as a comment.
  const names = first.map((cell) => cell.replace(/^#\s*/, ''))
  return isHeader(names) ? withHeader(names, second?.length === first.length ? second : null) : withoutHeader(first)
}

function isHeader(cells: readonly string[]): boolean {
  const others = cells.filter((cell) => !isNumber(cell)).length
  // A letter alone among numbers is a label: of the images of letters.
  if (cells.some((cell) => isKnown(cell) && (cell.length > 1 || others > 1))) return true
  return 2 * others > cells.length || isCounted(cells)
}

/** Whether these are names that count up, as of a data frame without names, maybe with another name at either end. */
function isCounted(cells: readonly string[]): boolean {
  const start = isNumber(cells[0] ?? '') ? 0 : 1
  const numbers = cells.slice(start, isNumber(cells.at(-1) ?? '') ? undefined : -1).map(numberOf)
  const [first = 0] = numbers
  return numbers.length >= fewestCountedNames && numbers.every((number, i) => number === first + i)
}

function withoutHeader(cells: readonly string[]): Columns | null {
  const texts = [...cells.keys()].filter((column) => isText(cells[column] as string))
  const [text] = texts
  if (texts.length > 1) return null
  const columns = { hasHeader: false, unused: [] }
  if (text !== undefined) {
    if (!isSquare(cells.length - 1)) return null
    const kinds = cells.map((_, i): ColumnKind => (i === text ? 'label' : 'pixel'))
    return { ...columns, kinds, label: 'named', note: `it has no header: column ${text + 1} was taken for the labels` }
  }
  const kinds = cells.map((): ColumnKind => 'pixel')
  if (isSquare(cells.length - 1)) return { ...columns, kinds, label: 'ends', note: null }
  return isSquare(cells.length) ? { ...columns, kinds, label: 'none', note: null } : null
}

function withHeader(names: readonly string[], second: readonly string[] | null): Columns | null {
  const hasText = (column: number): boolean => second !== null && isText(second[column] as string)
  const isList = (column: number): boolean =>
    second === null ? pixelsNames.includes(plain(names[column] as string)) : isNumberList(second[column] as string)
  const lists = [...names.keys()].filter(isList)
  const [list] = lists
  if (lists.length > 1) throw new DataError(`its columns ${namesAt(names, lists)} all hold pixels. Keep one of them`)
  const kinds = names.map((name, column): ColumnKind => {
    if (column === list) return 'pixels'
    if (labelNames.includes(plain(name))) return 'label'
    if (splitNames.includes(plain(name))) return 'split'
    return unusedNames.includes(plain(name)) || hasText(column) || list !== undefined ? 'unused' : 'pixel'
  })
  for (const kind of ['label', 'split'] as const) {
    const columns = [...kinds.keys()].filter((column) => kinds[column] === kind)
    if (columns.length > 1)
      throw new DataError(`its columns ${namesAt(names, columns)} may each be the ${kind}. Rename all but one of them`)
  }
  const found = kinds.includes('label') ? null : unnamedLabel(names, kinds, hasText)
  if (found !== null) kinds[found] = 'label'
  const pixels = kinds.filter((kind) => kind === 'pixel').length
  if (list === undefined && pixels < 4) return null
  checkOrder(names.filter((_, column) => kinds[column] === 'pixel'))
  const hasEnds = !isSquare(pixels) && isSquare(pixels - 1)
  return {
    kinds,
    hasHeader: true,
    label: kinds.includes('label') ? 'named' : hasEnds ? 'ends' : 'none',
    unused: names.filter((_, column) => kinds[column] === 'unused'),
    note: found === null ? null : `column ${JSON.stringify(names[found])} was taken for the labels`,
  }
}

/** @throws DataError for numbered pixels in another order, such as that of texts: 1, 10, 11, 2. Images would be scrambled. */
function checkOrder(names: readonly string[]): void {
  const read = names.map((name) => /^(.*?)(\d+)$/.exec(name))
  if (read.some((match) => match === null || match[1] !== read[0]?.[1])) return
  const numbers = read.map((match) => Number(match?.[2]))
  const at = numbers.findIndex((number, i) => i > 0 && number < (numbers[i - 1] as number))
  if (at < 0) return
  throw new DataError(
    `its columns are not in the order of their numbers (${names[at]} comes after ${names[at - 1]}). Sort them: ` +
      'table[sorted(table.columns, key=lambda name: (len(name), name))]',
  )
}

/** Without a known name: the only column of texts, or the only one whose name is not a number of a pixel. */
function unnamedLabel(
  names: readonly string[],
  kinds: readonly ColumnKind[],
  hasText: (column: number) => boolean,
): number | null {
  const known = (column: number): boolean => unusedNames.includes(plain(names[column] as string))
  const free = [...names.keys()].filter(
    (column) => (kinds[column] === 'pixel' || kinds[column] === 'unused') && !known(column),
  )
  const texts = free.filter(hasText)
  if (texts.length === 1) return texts[0] as number
  const unlike = free.filter((column) => !/\d$/.test(names[column] as string))
  return unlike.length === 1 ? (unlike[0] as number) : null
}

function namesAt(names: readonly string[], columns: readonly number[]): string {
  return listed(
    columns.map((column) => JSON.stringify(names[column])),
    { separator: ' and ' },
  )
}
