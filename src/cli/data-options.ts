import { InvalidArgumentError } from 'commander'
import type { FolderSplits, ReadingOptions } from '../datasets/dataset.js'

/** `train=photos,test=more`, or `false`. */
export function splitsOption(text: string): FolderSplits | false {
  if (text === 'false') return false
  const { train, validation, test } = fieldsOf(text, ['train', 'validation', 'test'])
  if (train === undefined) throw new InvalidArgumentError('It must have train=FOLDER.')
  return { train, validation, test }
}

/** `labels.csv`, `file=labels.csv,image=id,label=breed,split=part`, or `false`. */
export function labelsOption(text: string): ReadingOptions['labels'] {
  if (text === 'false') return false
  return text.includes('=') ? fieldsOf(text, ['file', 'image', 'label', 'split']) : text
}

/** A share of images above 0, at most a half. */
export function share(text: string): number {
  const value = Number(text)
  if (value > 0 && value <= 0.5) return value
  throw new InvalidArgumentError('It must be a number above 0 and at most 0.5, such as 0.2.')
}

function fieldsOf<K extends string>(text: string, keys: readonly K[]): Partial<Record<K, string>> {
  const pairs = text.split(',').map((part) => {
    const [, name, value] = /^(\w+)=(.+)$/.exec(part) ?? []
    const key = keys.find((candidate) => candidate === name)
    if (key !== undefined && value !== undefined) return [key, value] as const
    throw new InvalidArgumentError(
      `It must be pairs separated by commas, such as ${keys[0]}=..., with ${keys.join(', ')}.`,
    )
  })
  return Object.fromEntries(pairs) as Partial<Record<K, string>>
}
