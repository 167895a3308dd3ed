import { shorten } from './shorten.js'

interface ListOptions {
  readonly separator?: string
  /** How many names are shown. */
  readonly most?: number
  /** How long each may be; 60 characters unless told. */
  readonly longest?: number
  /** What the names beyond are called: `more` unless told. */
  readonly others?: string
}

/** The first few names out of a file, which may hold any number of them, each of any length. */
export function listed(
  names: readonly string[],
  { separator = ', ', most = 10, longest, others = 'more' }: ListOptions = {},
): string {
  const shown = names.slice(0, most).map((name) => shorten(name, longest))
  return shown.join(separator) + (names.length > most ? ` and ${names.length - most} ${others}` : '')
}
