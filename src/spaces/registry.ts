import { closest } from '../platform/closest.js'
import { ConfigError } from '../platform/errors.js'
import { type CellSpaceOptions, createCellSpace } from './cell/index.js'
import { type NatsSssOptions, natsSss } from './nats-sss/index.js'
import { type NatsTssOptions, natsTss } from './nats-tss/index.js'
import type { MacroSpec, SearchSpace } from './search-space.js'

/** What says which search space is meant: its name, and what it needs to know. Plain data. */
export type SpaceOptions = NatsTssOptions | NatsSssOptions | CellSpaceOptions

export type SearchSpaceName = SpaceOptions['name']

/** A search space and what its networks stand in: all that a worker needs to build them. Plain data. */
export type PlacedSpace = SpaceOptions & { readonly macro: MacroSpec }

const factories: {
  readonly [Name in SearchSpaceName]: (options: Extract<SpaceOptions, { name: Name }>) => SearchSpace
} = {
  'nats-tss': () => natsTss,
  'nats-sss': () => natsSss,
  cell: createCellSpace,
}

/** The names by which a configuration chooses a search space. */
export const searchSpaceNames = Object.keys(factories) as readonly SearchSpaceName[]

/**
 * The search space that `options` describe.
 *
 * @throws ConfigError if there is no such space: it lists the names there are, or says what the space cannot be.
 */
export function createSearchSpace(options: SpaceOptions): SearchSpace {
  const create = factories[findSpaceName(options.name)] as (options: SpaceOptions) => SearchSpace
  return create(options)
}

/** @throws ConfigError that lists the names there are, unless `name` is one of them. */
export function findSpaceName(name: string): SearchSpaceName {
  const known = searchSpaceNames.find((candidate) => candidate === name)
  if (known !== undefined) return known
  const meant = closest(name, searchSpaceNames)
  throw new ConfigError(
    `There is no search space "${name}"${meant === null ? '' : `; did you mean ${meant}?`} ` +
      `(search spaces: ${searchSpaceNames.join(', ')}).`,
  )
}
