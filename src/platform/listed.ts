import { shorten } from './shorten.js'

interface ListOptions {
  readonly separator?: string
  /** Maximum number of names. */
  readonly most?: number
  /** Maximum length of each; default 60 characters. */
  readonly longest?: number
  /** The word for the remaining names; default `more`. */
  readonly others?: string
}

/** Lists the first few names from a file, which may have any number of names of any length. */
export function listed(
  names: readonly string[],
  { separator = ', ', most = 10, longest, others = 'more' }: ListOptions = {},
): string {
  const shown = names.slice(0, most).map((name) => shorten(name, longest))
  return shown.join(separator) + (names.length > most ? ` and ${names.length - most} ${others}` : '')
}
