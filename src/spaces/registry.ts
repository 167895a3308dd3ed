import { closest } from '../platform/closest.js'
import { ConfigError } from '../platform/errors.js'
import { natsTss } from './nats-tss/index.js'
import type { SearchSpace } from './search-space.js'

const spaces = { 'nats-tss': natsTss } satisfies Readonly<Record<string, SearchSpace>>

export type SearchSpaceName = keyof typeof spaces

/** The names by which a configuration chooses a search space. */
export const searchSpaceNames = Object.keys(spaces) as readonly SearchSpaceName[]

/**
 * The search space called `name`.
 *
 * @throws ConfigError that lists the names there are.
 */
export function createSearchSpace(name: string): SearchSpace {
  const known = searchSpaceNames.find((candidate) => candidate === name)
  if (known !== undefined) return spaces[known]
  const meant = closest(name, searchSpaceNames)
  throw new ConfigError(
    `There is no search space "${name}"${meant === null ? '' : `; did you mean ${meant}?`} ` +
      `(search spaces: ${searchSpaceNames.join(', ')}).`,
  )
}
