import { shorten } from './shorten.js'

interface ListOptions {
  readonly separator?: string
  /** How many names are shown. */
  readonly most?: number
}

/** The first few names out of a file, which may hold any number of them, each of any length. */
export function listed(names: readonly string[], { separator = ', ', most = 10 }: ListOptions = {}): string {
  const shown = names.slice(0, most).map((name) => shorten(name))
  return shown.join(separator) + (names.length > most ? ` and ${names.length - most} more` : '')
}
