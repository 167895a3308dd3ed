import { DataError } from '../../../platform/errors.js'
import { listed } from '../../../platform/listed.js'
import { readSplitName, type SplitRole } from '../split-names.js'
import { plainName } from './plain-name.js'

/** A column of splits. */
export interface SplitColumn {
  readonly at: number
  roleOf(value: string): SplitRole
}

/** Names of columns that hold nothing but splits, without case and separators. */
const certain = /^(splits?|partition|phase|purpose|subset|usage)$/
/** Names of columns that may hold something else, unless a value of theirs names a split. */
const possible = /^(dataset|fold|set|type)$/
/** Columns of flags, such as `is_train`. */
const flag = /^is(train|test|val)(ing|id|idation)?$/
const short: Readonly<Record<string, SplitRole>> = { tr: 'train', va: 'validation', te: 'test' }

/** Whether a column is called like one of splits. */
export function isSplitName(column: string): boolean {
  const name = plainName(column)
  return certain.test(name) || possible.test(name) || flag.test(name)
}

/**
 * Finds the column of splits by its name, or takes the one that the user names.
 *
 * @param valuesOf the values of a column
 * @throws DataError for values that name no split: the images would go into training unseen.
 */
export function findSplit(
  file: string,
  columns: readonly string[],
  valuesOf: (column: number) => Iterable<string>,
  named: number | undefined,
): SplitColumn | null {
  const names = columns.map(plainName)
  const at = named ?? columns.findIndex(isSplitName)
  if (at < 0) return null
  const name = names[at] ?? ''
  const [, flagged] = flag.exec(name) ?? []
  const read = flagged === undefined ? roleIn : (value: string) => roleByFlag(flagged, value)
  const values = [...new Set(valuesOf(at))]
  const unknown = values.filter((value) => read(value) === null)
  if (unknown.length === 0) return { at, roleOf: (value) => read(value) ?? 'train' }
  if (named === undefined && possible.test(name) && unknown.length === values.length) return null
  const shown = listed(
    unknown.map((value) => JSON.stringify(value)),
    { most: 5 },
  )
  throw new DataError(
    `${file}: column ${columns[at]} has ${shown}, which ${unknown.length === 1 ? 'names' : 'name'} no split. Write train, ` +
      'validation or test there; if the column is something else, rename it.',
  )
}

function roleIn(value: string): SplitRole | null {
  return readSplitName(value)?.role ?? short[value.toLowerCase()] ?? null
}

/** `is_train` tells training from test images, `is_valid` and `is_test` others from training images. */
function roleByFlag(flagged: string, value: string): SplitRole | null {
  const isSet = /^(1|1\.0|true|yes|y)$/i.test(value)
  if (!isSet && !/^(0|0\.0|false|no|n)$/i.test(value)) return null
  const role = flagged === 'train' ? 'train' : flagged === 'test' ? 'test' : 'validation'
  if (isSet) return role
  return role === 'train' ? 'test' : 'train'
}
