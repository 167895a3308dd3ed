import { FearNasError } from '../platform/errors.js'
import { shellWord } from '../platform/shell.js'
import { either } from '../platform/wording.js'

/**
 * The names of the settings that say how data are read: in a configuration, and as flags of `fear-nas data check PATH`. A run
 * has them in its configuration, on the command line, too (`inSettings`).
 */
export const settingWords = {
  size: either('data.size', '--size'),
  channels: either('data.channels', '--channels'),
  layout: either('data.layout', '--layout'),
  splits: either('data.splits', '--splits'),
  labels: either('data.labels', '--labels'),
  testShare: either('data.testShare', '--test-share'),
} as const

/** A part of a setting: `data.splits.train`, `train in --splits`. */
export function partWords(setting: 'splits' | 'labels', part: string) {
  return either(`${settingWords[setting]}.${part}`, `${part} in ${settingWords[setting].commandLine}`)
}

/** `{ train: photos, test: more }` in a configuration, `train=photos,test=more` as the value of a flag. */
export function valueWords(fields: Readonly<Record<string, string>>) {
  const entries = Object.entries(fields)
  return either(
    `{ ${entries.map(([key, value]) => `${key}: ${value}`).join(', ')} }`,
    shellWord(entries.map((pair) => pair.join('=')).join(',')),
  )
}

/** Does work whose errors shall name settings as a configuration has them, on the command line, too. */
export async function inSettings<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof FearNasError ? error.useLibraryWords() : error
  }
}
