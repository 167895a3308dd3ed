import { DataError } from '../../platform/errors.js'

/** The raw entries of a `.npy` header. */
export type HeaderFields = ReadonlyMap<string, string>

/**
 * Splits a header, a dictionary as Python prints it, into its keys and values: texts, `True`, `False` and tuples of
 * whole numbers. Takes linear time for any text.
 *
 * @returns null for anything else.
 * @throws DataError for a list that describes records.
 */
export function headerFields(text: string): HeaderFields | null {
  const tokens = text.match(token) ?? []
  const fields = new Map<string, string>()
  let at = 0
  const next = (): string => tokens[at++] ?? ''
  if (next() !== '{') return null
  while (tokens[at] !== '}') {
    const key = next()
    if (!isText(key) || next() !== ':') return null
    if (tokens[at] === '[') throw new DataError('it is an array of records, not numbers')
    const value = tokens[at] === '(' ? tuple(next) : next()
    if (value === null || !(isText(value) || value === 'True' || value === 'False' || value.startsWith('(')))
      return null
    fields.set(key.slice(1, -1), value)
    if (tokens[at] === ',') at++
    else if (tokens[at] !== '}') return null
  }
  return at === tokens.length - 1 ? fields : null
}

/** A string, a word, a number, or one other non-blank character; the alternatives start with different characters. */
const token = /'[^']*'|"[^"]*"|\w+|[^\s\w]/g
const isText = (word: string): boolean => /^['"]/.test(word) && word.length >= 2

/** `(100,28,28)`; Python 2 wrote long integers as `5L`. */
function tuple(next: () => string): string | null {
  let all = ''
  for (let word = next(); word !== ')'; word = next()) {
    if (word !== ',' && word !== '(' && !/^\d+L?$/.test(word)) return null
    all += word
  }
  return `${all})`
}
