import { readdir, stat } from 'node:fs/promises'
import { DataError } from '../../platform/errors.js'
import { listed } from '../../platform/listed.js'
import type { SplitName } from '../dataset.js'
import { isCsvName } from '../pixel-csv/csv-files.js'
import { readCsvSet } from '../pixel-csv/read-csv-set.js'
import type { PixelTable } from '../pixel-csv/read-pixel-csv.js'
import type { LoadHooks } from '../raw-images.js'
import { type Label, readLabels } from './labels.js'
import { matlabRefusal } from './matlab.js'
import { getIt, type NamedArray, readFolder, readNpz } from './parts.js'

/** The images and labels of a split, as they are in the file. */
export interface SplitArrays {
  readonly images: NamedArray
  readonly labels: NamedLabels
}

export interface NamedLabels {
  readonly where: string
  readonly count: number
  /** @throws DataError if they are not the labels of so many images. */
  read(images: number): readonly Label[]
}

export type ArraySplits = { readonly train: SplitArrays } & Readonly<Partial<Record<SplitName, SplitArrays>>>

/**
 * Finds and reads the images and labels at a path: an `.npz` file, a folder of `.npy` files, or tables of pixels (CSV).
 * Reports what is not used.
 *
 * @throws DataError naming the file for anything missing, duplicate or damaged.
 */
export async function readSplits(location: string, hooks: LoadHooks): Promise<ArraySplits> {
  const found = await stat(location).catch(() => null)
  if (found === null) throw new DataError(`${location}: it does not exist. ${getIt}`)
  const isFolder = found.isDirectory()
  const names = isFolder ? await readdir(location) : [location]
  const hasArrays = names.some((name) => name.toLowerCase().endsWith('.npy'))
  if (!hasArrays && names.some(isCsvName)) {
    const { train, validation, test } = await readCsvSet(location, isFolder, hooks)
    return { train: ofTable(train), ...ofOther('validation', validation), ...ofOther('test', test) }
  }
  const refusal = hasArrays ? null : await matlabRefusal(location)
  if (refusal !== null) throw refusal
  const { parts, unused } = await (isFolder ? readFolder(location) : readNpz(location))
  if (unused.length > 0) hooks.onWarning?.(`${location}: not used: ${listed(unused)}`)
  const { images, labels } = parts
  return {
    train: ofArrays(images, labels),
    ...(parts.validationImages && parts.validationLabels
      ? { validation: ofArrays(parts.validationImages, parts.validationLabels) }
      : {}),
    ...(parts.testImages && parts.testLabels ? { test: ofArrays(parts.testImages, parts.testLabels) } : {}),
  }
}

function ofArrays(images: NamedArray, labels: NamedArray): SplitArrays {
  const count = Math.max(...labels.array.shape)
  return { images, labels: { where: labels.where, count, read: (wanted) => readLabels(labels, wanted) } }
}

function ofTable({ where, images, labels }: PixelTable): SplitArrays {
  return { images: { where, array: images }, labels: { where, count: labels.length, read: () => labels } }
}

function ofOther(split: 'validation' | 'test', table: PixelTable | undefined): Partial<Record<SplitName, SplitArrays>> {
  return table === undefined ? {} : { [split]: ofTable(table) }
}
