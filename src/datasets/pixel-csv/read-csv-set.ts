import path from 'node:path'
import { DataError } from '../../platform/errors.js'
import { listed } from '../../platform/listed.js'
import type { SplitName } from '../dataset.js'
import type { LoadHooks } from '../raw-images.js'
import { csvFilesBeside, csvFilesOf } from './csv-files.js'
import { type PixelCsv, type PixelTable, readPixelCsv } from './read-pixel-csv.js'

/** The tables of a data set. */
export type CsvSet = { readonly train: PixelTable } & Readonly<Partial<Record<SplitName, PixelTable>>>

/**
 * Reads a data set of tables of pixels: a file, with those beside it that belong to it, or a folder.
 *
 * @throws DataError naming the file.
 */
export async function readCsvSet(location: string, isFolder: boolean, hooks: LoadHooks): Promise<CsvSet> {
  const { files, unused } = await (isFolder ? csvFilesOf(location) : csvFilesBeside(location))
  const others = (['validation', 'test'] as const).flatMap((role) => {
    const file = files[role]
    return file === undefined ? [] : [{ role, file }]
  })
  const read = (file: string, side?: PixelCsv['side']) =>
    readPixelCsv(file, {
      side: side ?? null,
      onProgress: (fraction) => hooks.onProgress?.(fraction, `reading ${file}`),
    })
  const first = await read(files.train)
  if (first === null) {
    throw new DataError(
      `${files.train}: it has no labels. Add a column with the name label to its header; only labelled images are of use.`,
    )
  }
  const notes = [...first.notes]
  const set: Partial<Record<SplitName, PixelTable>> = Object.fromEntries(first.tables)
  const whole = first.tables.get('all')
  const train = whole ?? first.tables.get('train')
  if (train === undefined) {
    throw new DataError(
      `${files.train}: it has no rows for training. Write train (or Training) in its column of splits.`,
    )
  }
  const ignored = [...unused]
  const beside: string[] = []
  for (const { role, file } of others) {
    if (set[role] !== undefined) {
      ignored.push(path.basename(file))
      continue
    }
    const other = await read(file, first.side)
    const table = other?.tables.get('all') ?? other?.tables.get(role)
    if (table === undefined) notes.push(`${file}: it has no labels, so it is not used`)
    else {
      set[role] = table
      beside.push(`${path.basename(file)} (${role})`)
      notes.push(...(other?.notes ?? []))
    }
  }
  if (!isFolder && beside.length > 0) {
    notes.push(`${location}: ${listed(beside)} beside it belongs to it and is read too`)
  }
  if (ignored.length > 0) notes.push(`${location}: not used: ${listed(ignored)}`)
  for (const note of notes) hooks.onWarning?.(note)
  const { validation, test } = set
  return { train, ...(validation !== undefined && { validation }), ...(test !== undefined && { test }) }
}
