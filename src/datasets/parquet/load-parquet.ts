import path from 'node:path'
import { counted } from '../../platform/count.js'
import { ConfigError, DataError } from '../../platform/errors.js'
import { listed } from '../../platform/listed.js'
import { type LabelSource, mostClasses, type ReadingOptions, type SplitName } from '../dataset.js'
import { decodeAndDeal } from '../folders/deal-images.js'
import type { KeyedFile } from '../folders/decode-all.js'
import { imageKey } from '../folders/decoded-store.js'
import type { ImageFile } from '../folders/image-file.js'
import { inClassOrder } from '../folders/labels/class-order.js'
import { labelName } from '../folders/labels/label-columns.js'
import { findSplit, isSplitName } from '../folders/labels/split-column.js'
import type { SplitRole } from '../folders/split-names.js'
import type { LoadHooks, RawImages } from '../raw-images.js'
import { findParquet } from './find-parquet.js'
import { openParquet, type ParquetFile } from './parquet-file.js'
import { ParquetImages } from './parquet-images.js'

const ordered = ['train', 'validation', 'test'] as const

/**
 * Images in Parquet files, as Hugging Face's `datasets` writes them: a column of encoded images, alone or in a structure with
 * the field `bytes`, and one of labels.
 *
 * @throws ConfigError without a location; DataError `FILE: problem: next step` for files that cannot be read.
 */
export async function loadParquet(
  location: string | undefined,
  hooks: LoadHooks,
  wanted: ReadingOptions = {},
): Promise<RawImages> {
  if (location === undefined)
    throw new ConfigError('parquet needs data.path. Give a .parquet file or a folder of them.')
  const { splits, unused } = await findParquet(location)
  const relative = (files: readonly string[]): string =>
    listed(
      files.map((file) => path.relative(location, file)),
      { most: 3, longest: Infinity },
    )
  if (unused.length > 0) hooks.onWarning?.(`${location}: not used: ${relative(unused)}`)
  const shown = ordered.filter((split) => splits[split].length > 0)
  if (shown.length > 1) {
    const parts = shown.map((split) => `${split}: ${relative(splits[split])}`)
    hooks.onWarning?.(`${location}: ${parts.join('; ')}`)
  }
  const open: ParquetFile[] = []
  try {
    const rows: Record<SplitName, LabelledRow[]> = { train: [], validation: [], test: [] }
    for (const split of ordered) {
      for (const file of splits[split]) {
        const parquet = await openParquet(file)
        open.push(parquet)
        let unlabelled = 0
        for (const row of await labelledRows(parquet, wanted, hooks)) {
          if (row.split === 'unlabelled') unlabelled++
          else rows[row.split ?? split].push(row)
        }
        if (unlabelled > 0) hooks.onWarning?.(`${file}: ${counted(unlabelled, 'image')} of no split, not used`)
      }
    }
    if (rows.test.length === 0 && rows.validation.length > 0) {
      hooks.onWarning?.(`${location}: without test images, the validation images take their place`)
      rows.test = rows.validation
      rows.validation = []
    }
    return await load(location, rows, wanted, hooks)
  } finally {
    await Promise.all(open.map((file) => file.close()))
  }
}

/** A row with an image and a label. */
interface LabelledRow {
  readonly file: ParquetFile
  readonly column: string
  readonly row: number
  readonly label: string
  /** Position of the label in the names of classes, if the file has them. */
  readonly position: number | null
  /** The split that a column of the file gives it. */
  readonly split: SplitRole | null
}

async function labelledRows(file: ParquetFile, { labels }: ReadingOptions, hooks: LoadHooks): Promise<LabelledRow[]> {
  if (typeof labels === 'string') {
    throw new ConfigError(
      `${file.file}: labels are in the file. Set data.labels to { label: COLUMN }, or leave it out.`,
    )
  }
  const { image, label } = chosenColumns(file, labels === false ? {} : (labels ?? {}))
  const names = file.classNames.get(label)
  const columns = file.columns.filter(({ kind }) => kind === 'value').map(({ name }) => name)
  const named = typeof labels === 'object' && labels.split !== undefined ? columns.indexOf(labels.split) : undefined
  const texts = new Map<string, readonly string[]>()
  for (const column of columns) {
    if (column !== label && (isSplitName(column) || column === columns[named ?? -1])) {
      texts.set(
        column,
        (await file.values(column, 0, file.rows)).map((value) => String(value ?? '')),
      )
    }
  }
  const split = findSplit(file.file, columns, (i) => texts.get(columns[i] ?? '') ?? [], named)
  const splitTexts = split === null ? undefined : texts.get(columns[split.at] ?? '')
  const rows: LabelledRow[] = []
  for (const [row, value] of (await file.values(label, 0, file.rows)).entries()) {
    // Hugging Face's label of unlabelled images is -1.
    if (value === null || value === undefined || Number(value) === -1) continue
    if (!['string', 'number', 'bigint', 'boolean'].includes(typeof value)) {
      throw new DataError(
        `${file.file}: row ${row} has no single label in column ${label}. Set data.labels to { label: COLUMN }.`,
      )
    }
    const position = names === undefined ? null : Number(value)
    const name = position === null ? String(value) : names?.[position]
    if (name === undefined) {
      throw new DataError(
        `${file.file}: row ${row} has label ${String(value)}, but there are ${names?.length} names of classes.`,
      )
    }
    rows.push({
      file,
      column: image,
      row,
      label: name,
      position,
      split: split?.roleOf(splitTexts?.[row] ?? '') ?? null,
    })
  }
  const without = file.rows - rows.length
  if (without > 0) hooks.onWarning?.(`${file.file}: ${counted(without, 'image')} without a label`)
  return rows
}

/** @throws DataError that lists the columns, if those of images and labels are not clear. */
function chosenColumns({ classNames, columns, file }: ParquetFile, wanted: LabelSource) {
  const shown = listed(columns.map(({ name }) => name))
  const named = (setting: 'image' | 'label'): string | undefined => {
    const name = wanted[setting]
    if (name === undefined || columns.some((column) => column.name === name)) return name
    throw new DataError(
      `${file}: it has no column ${JSON.stringify(name)} (columns: ${shown}). Correct data.labels.${setting}.`,
    )
  }
  const images = columns.filter(({ kind }) => kind === 'struct' || kind === 'bytes').map(({ name }) => name)
  const [image, other] = [named('image') ?? images[0], images[1]]
  if (image === undefined)
    throw new DataError(`${file}: it has no column of images (columns: ${shown}). Add one of their bytes.`)
  if (other !== undefined && wanted.image === undefined) {
    throw new DataError(`${file}: ${listed(images)} may be the images. Set data.labels to { image: ${image} }.`)
  }
  const values = columns.filter(({ kind, name }) => kind === 'value' && name !== image).map(({ name }) => name)
  const called = values.filter((name) => classNames.has(name))
  const label = named('label') ?? (called.length === 1 ? called[0] : labelName(called.length > 0 ? called : values))
  if (label != null) return { image, label }
  throw new DataError(
    `${file}: no column of labels is recognised (columns: ${shown}). Set data.labels to { label: COLUMN }.`,
  )
}

async function load(
  location: string,
  rows: Readonly<Record<SplitName, readonly LabelledRow[]>>,
  wanted: ReadingOptions,
  hooks: LoadHooks,
): Promise<RawImages> {
  const classNames = classesOf(location, rows.train)
  const positions = new Map(classNames.map((name, i) => [name, i]))
  const source = new ParquetImages()
  const files: KeyedFile[] = []
  const means = new Map<ParquetFile, number>()
  const meanBytes = (file: ParquetFile, column: string): number => {
    const mean = means.get(file) ?? file.bytesOf(column) / file.rows
    means.set(file, mean)
    return mean
  }
  const list = (split: SplitName): readonly ImageFile[] =>
    rows[split].map(({ file, column, row, label }) => {
      const name = source.add(file, column, row)
      const position = positions.get(label)
      if (position === undefined)
        throw new DataError(`${name}: no training image has its label ${label}. Remove the row.`)
      const relative = path.relative(location, file.file)
      files.push({
        file: name,
        bytes: meanBytes(file, column),
        key: imageKey([relative, column, row, ...file.version]),
      })
      return { file: name, label: position }
    })
  const [train, validation, test] = [list('train'), list('validation'), list('test')]
  return decodeAndDeal({ root: location, source, files }, { classNames, train, validation, test }, wanted, hooks)
}

/** Those that training images have: in the order of the file's names, or of labels. */
function classesOf(location: string, train: readonly LabelledRow[]): readonly string[] {
  const positions = new Map(train.map(({ label, position }) => [label, position]))
  const names = [...inClassOrder(positions.keys())]
  if (names.every((name) => positions.get(name) !== null)) {
    names.sort((a, b) => (positions.get(a) ?? 0) - (positions.get(b) ?? 0))
  }
  if (names.length >= 2 && names.length <= mostClasses) return names
  throw new DataError(
    `${location}: it has ${counted(names.length, 'different label')} of ${counted(train.length, 'training image')}, but 2 to ` +
      `${mostClasses} classes are supported. Set data.labels to { label: COLUMN } for another column.`,
  )
}
