import path from 'node:path'
import { counted } from '../../../platform/count.js'
import { DataError } from '../../../platform/errors.js'
import { listed } from '../../../platform/listed.js'
import { worded } from '../../../platform/wording.js'
import { mostClasses, type SplitName } from '../../dataset.js'
import { settingWords, valueWords } from '../../setting-words.js'
import type { ImageFile } from '../image-file.js'
import { isThing, readSplitName } from '../split-names.js'
import { inClassOrder } from './class-order.js'
import type { ImageIndex } from './image-index.js'
import type { LabelledFile, ReadTable } from './read-tables.js'

/** The images that tables label. */
export interface LabelledImages {
  readonly classNames: readonly string[]
  readonly images: Readonly<Record<SplitName, readonly ImageFile[]>>
  readonly notes: readonly string[]
}

/**
 * Whether the tables say what the folders of the images say, too: then folders are the classes.
 *
 * @throws DataError if folders look like classes, and the tables say something else.
 */
export function foldersAreClasses(tables: readonly ReadTable[], index: ImageIndex): boolean {
  const images = tables.flatMap((table) => table.images)
  const named = images.filter(({ file, label }) => index.foldersOf(file).includes(label)).length
  if (named > 0.9 * images.length) return true
  const folders = new Map<string, Set<string>>()
  for (const { file, label } of images) {
    const folder = index.foldersOf(file).find((name) => readSplitName(name) === null && !isThing(name))
    // Numbered parts of a set: images_part_1, images_part_2.
    const key = folder?.replaceAll(/\d+/g, '#') ?? ''
    folders.set(key, (folders.get(key) ?? new Set()).add(label))
  }
  const names = [...folders.keys()].filter((name) => name !== '')
  if (names.length < 2) return false
  const labels = new Set(images.map(({ label }) => label))
  const isSame = labels.size === folders.size && [...folders.values()].every((own) => own.size === 1)
  if (isSame) return true
  const [table] = tables
  throw new DataError(
    worded`${table?.file ?? ''}: its labels are not the folders that the images are in (${listed(names.sort())}). Set ${settingWords.labels} to ${path.basename(table?.file ?? '')} to use it, or to false if each folder is a class.`,
  )
}

/**
 * Deals the images of tables into splits: by the column of splits, by the names of the tables, or by the folders that the
 * images are in, in this order. Classes are the labels of the training images: numbers in ascending order, or texts by their
 * code units. Without test images, the validation images take their place.
 *
 * @throws DataError for two tables of a split, labels that no training image has, and less than 2 classes or too many.
 */
export function listLabelled(tables: readonly ReadTable[], index: ImageIndex, root: string): LabelledImages {
  checkRoles(tables, root)
  const splits: Record<SplitName, LabelledFile[]> = { train: [], validation: [], test: [] }
  let unlabelled = 0
  for (const table of tables) {
    const roles = new Set(table.images.map(({ file }) => index.roleOf(file)))
    const byFolders = roles.has('train') && roles.size > 1
    for (const image of table.images) {
      if (image.split === 'unlabelled') {
        unlabelled++
        continue
      }
      const role = image.split ?? table.role ?? (byFolders ? index.roleOf(image.file) : null) ?? 'train'
      splits[role].push(image)
    }
  }
  const classNames = classesOf(splits.train, tables, root)
  const images = {
    train: withLabels(splits.train, classNames),
    validation: withLabels(splits.validation, classNames),
    test: withLabels(splits.test, classNames),
  }
  const notes = [...tables.flatMap((table) => table.notes), ...splitNotes(root, images)]
  if (unlabelled > 0) notes.push(`${root}: ${counted(unlabelled, 'image')} of no split, by the table, not used`)
  const labelled = new Set(tables.flatMap((table) => table.images.map(({ file }) => file)))
  const others = index.files.filter((file) => !labelled.has(file))
  if (others.length > 0)
    notes.push(`${root}: ${counted(others.length, 'image')} without a label: ${listed(others, few)}`)
  return images.test.length > 0
    ? { classNames, images, notes }
    : { classNames, images: { ...images, validation: [], test: images.validation }, notes }
}

const few = { most: 5, longest: Infinity }

function checkRoles(tables: readonly ReadTable[], root: string): void {
  for (const [i, table] of tables.entries()) {
    const alike = tables.slice(0, i).find(({ role }) => role === table.role)
    if (alike === undefined) continue
    const [a, b] = [alike, table].map(({ file }) => path.relative(root, file))
    throw new DataError(
      worded`${root}: ${a ?? ''} and ${b ?? ''} both label images. Set ${settingWords.labels} to one of them, such as ${a ?? ''}, or to false if each folder is a class.`,
    )
  }
}

function classesOf(train: readonly LabelledFile[], tables: readonly ReadTable[], root: string): readonly string[] {
  const names = inClassOrder(train.map(({ label }) => label))
  const where = tables.map(({ file }) => file).join(', ')
  if (train.length === 0) throw new DataError(`${where}: it labels no training images. Add some to ${root}.`)
  if (names.length < 2 || names.length > mostClasses || (names.length === train.length && names.length > 2)) {
    throw new DataError(
      worded`${where}: it has ${counted(names.length, 'different label')} of ${counted(train.length, 'training image')}, but 2 to ${mostClasses} classes are supported, each with images. Set ${settingWords.labels} to ${valueWords({ label: 'COLUMN' })} for another column.`,
    )
  }
  return names
}

/** @throws DataError for a label that no training image has. */
export function withLabels(images: readonly LabelledFile[], classNames: readonly string[]): readonly ImageFile[] {
  const positions = new Map(classNames.map((name, i) => [name, i]))
  const files = images.map(({ file, label, where }) => {
    const position = positions.get(label)
    if (position !== undefined) return { file, label: position }
    throw new DataError(`${where}: no training image has the label ${label}. Remove the row.`)
  })
  return files.sort((a, b) => (a.file < b.file ? -1 : 1))
}

function splitNotes(root: string, { train, validation, test }: LabelledImages['images']): readonly string[] {
  if (validation.length + test.length === 0) return []
  const parts = [`${train.length} training images`]
  if (test.length === 0) parts.push(`${validation.length} test images, which are called validation there`)
  else {
    if (validation.length > 0) parts.push(`${validation.length} validation images`)
    parts.push(`${test.length} test images`)
  }
  return [`${root}: ${parts.join(', ')}`]
}
