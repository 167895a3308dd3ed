import { counted } from '../../../platform/count.js'
import { DataError } from '../../../platform/errors.js'
import { listed } from '../../../platform/listed.js'
import { worded } from '../../../platform/wording.js'
import { partWords, settingWords, valueWords } from '../../setting-words.js'
import { hasImageEnding } from '../is-image-file.js'
import type { SplitRole } from '../split-names.js'
import type { LabelRow, LabelTable } from './label-table.js'
import { plainName } from './plain-name.js'
import { findSplit } from './split-column.js'

/** Which columns the user names. */
export interface NamedColumns {
  readonly image?: string | undefined
  readonly label?: string | undefined
  readonly split?: string | undefined
}

/** How to read a table. */
export interface LabelColumns {
  /** Names, for a note. */
  readonly image: string
  readonly label: string
  readonly split: string | null
  imageOf(row: LabelRow): string
  labelOf(row: LabelRow): string
  /** null without such a column. */
  splitOf(row: LabelRow): SplitRole | null
  /** Other columns that may be the labels by their names. */
  readonly rivals: readonly string[]
}

/** Names of columns of labels, without case and separators; the first that is there counts. */
const labelNames =
  'label labels classlabel class classname category categoryname target breed species diagnosis dx emotion tag y labelname classid labelid categoryid level finelabel'.split(
    ' ',
  )

/** Rows by which the column of the images is recognised. */
const sampled = 200
/** Share of these rows whose images must be there. */
const leastFound = 0.5

/**
 * Finds the columns of images, labels and splits: images by what is there, the others by their names, or because no other
 * column is left.
 *
 * @param known the names of the classes, if folders give them: then the column of the labels holds only those
 * @throws DataError that says which column is missing and how to name it.
 */
export function findColumns(
  table: LabelTable,
  named: NamedColumns,
  imageOf: (cell: string) => string | undefined,
  known: ReadonlySet<string> | null,
): LabelColumns {
  const { columns, file, rows } = table
  const position = (setting: keyof NamedColumns): number | undefined => {
    const name = named[setting]
    if (name === undefined) return undefined
    const at = columns.indexOf(name)
    if (at >= 0) return at
    throw new DataError(
      worded`${file}: it has no column ${JSON.stringify(name)} (columns: ${listed(columns, few)}). Correct ${partWords('labels', setting)}.`,
    )
  }
  const image = position('image') ?? imageColumn(table, imageOf)
  const split = findSplit(file, columns, (i) => rows.map(({ cells }) => cells[i] ?? ''), position('split'))
  const others = [...columns.keys()].filter((i) => i !== image && i !== split?.at)
  const label = position('label') ?? labelColumn(table, others, known)
  const base = {
    image: columns[image] ?? '',
    split: split === null ? null : (columns[split.at] ?? null),
    rivals: labelNamesIn(others.filter((i) => i !== label).map((i) => columns[i] ?? '')),
    imageOf: ({ cells }: LabelRow) => cells[image] ?? '',
    splitOf: ({ cells }: LabelRow) => split?.roleOf(cells[split.at] ?? '') ?? null,
  }
  if (label !== null) return { ...base, label: columns[label] ?? '', labelOf: ({ cells }) => cells[label] ?? '' }
  if (others.length > 1 && rows.every((row) => onesOf(row, others).length === 1)) {
    return {
      ...base,
      label: listed(
        others.map((i) => columns[i] ?? ''),
        few,
      ),
      labelOf: (row) => columns[onesOf(row, others)[0] ?? 0] ?? '',
    }
  }
  if (others.length === 0) throw new DataError(`${file}: it has no labels (columns: ${listed(columns, few)}).`)
  throw new DataError(
    worded`${file}: no column of labels is recognised (columns: ${listed(columns, few)}). Set ${settingWords.labels} to ${valueWords({ label: 'COLUMN' })}.`,
  )
}

const few = { most: 8, longest: Infinity }

/** Names of columns of images, without case and separators. */
const imageNames = /^(image|img|photo|picture|file)?(name|file|filename|filepaths?|id|ids|idcode|location|paths?)?$/

/**
 * The column that names images. Numbers may name images by chance: columns with paths or endings come first, then those
 * that are called like columns of images.
 *
 * @throws DataError if none does, or several might.
 */
function imageColumn({ columns, file, rows }: LabelTable, imageOf: (cell: string) => string | undefined): number {
  const sample = rows.slice(0, sampled)
  const found = columns.map((_, i) => {
    const images = new Set(sample.map(({ cells }) => imageOf(cells[i] ?? '')))
    images.delete(undefined)
    return images.size
  })
  const among = [...columns.keys()].filter((i) => (found[i] ?? 0) >= leastFound * sample.length)
  if (among.length === 0) {
    throw new DataError(
      `${file}: no column of it names the images here (columns: ${listed(columns, few)}; looked at ` +
        `${counted(sample.length, 'row')}). Give names of files, with or without folders and endings.`,
    )
  }
  const isName = (cell = ''): boolean => hasImageEnding(cell) || /[/\\]/.test(cell)
  const clear = [
    among.filter((i) => sample.filter(({ cells }) => isName(cells[i])).length >= leastFound * sample.length),
    among.filter((i) => plainName(columns[i] ?? '') !== '' && imageNames.test(plainName(columns[i] ?? ''))),
    among,
  ].find((columnsLeft) => columnsLeft.length > 0)
  const [first = 0, second] = clear ?? []
  const isSame =
    second !== undefined && sample.every(({ cells }) => imageOf(cells[first] ?? '') === imageOf(cells[second] ?? ''))
  if (second === undefined || isSame) return first
  throw new DataError(
    worded`${file}: columns ${columns[first] ?? ''} and ${columns[second] ?? ''} may both name the images. Set ${settingWords.labels} to ${valueWords({ image: columns[first] ?? '' })}, or the other one.`,
  )
}

function labelColumn(
  { columns, rows }: LabelTable,
  others: readonly number[],
  known: ReadonlySet<string> | null,
): number | null {
  if (known !== null) {
    const among = others.find((i) => rows.every(({ cells }) => known.has(cells[i] ?? '')))
    if (among !== undefined) return among
  }
  const called = labelName(others.map((i) => columns[i] ?? ''))
  return called === null ? null : columns.indexOf(called)
}

/** The column that is called like one of labels, or the only one; null if there is none. */
export function labelName(columns: readonly string[]): string | null {
  const plainNames = columns.map(plainName)
  const called = labelNames.map((name) => plainNames.indexOf(name)).find((at) => at >= 0)
  if (called !== undefined) return columns[called] ?? null
  return columns.length === 1 ? (columns[0] ?? null) : null
}

/** Those that are called like columns of labels. */
function labelNamesIn(columns: readonly string[]): readonly string[] {
  return columns.filter((name) => labelNames.includes(plainName(name)))
}

/** The columns, among some, that have a one where the others have zeros; none for other numbers. */
function onesOf({ cells }: LabelRow, among: readonly number[]): readonly number[] {
  const values = among.map((i) => Number(cells[i] === '' ? Number.NaN : cells[i]))
  return values.every((value) => value === 0 || value === 1) ? among.filter((_, i) => values[i] === 1) : []
}
