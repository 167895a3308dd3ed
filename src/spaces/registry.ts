import { closest } from '../platform/closest.js'
import { ConfigError } from '../platform/errors.js'
import { type CellSpaceOptions, createCellSpace } from './cell/index.js'
import { type NatsSssOptions, natsSss } from './nats-sss/index.js'
import { type NatsTssOptions, natsTss } from './nats-tss/index.js'
import { createOwnSpace, type OwnSpaceOptions } from './own-space.js'
import type { MacroSpec, SearchSpace } from './search-space.js'

type BuiltInSpaceOptions = NatsTssOptions | NatsSssOptions | CellSpaceOptions

/** The name of a search space and its settings. Plain data, unless it is a value. */
export type SpaceOptions = BuiltInSpaceOptions | OwnSpaceOptions

export type SearchSpaceName = BuiltInSpaceOptions['name']

/** A search space and the network around its cells: all that a worker needs to build networks. Plain data, unless it is a value. */
export type SpaceSetup = SpaceOptions & { readonly macro: MacroSpec }

const factories: {
  readonly [Name in SearchSpaceName]: (options: Extract<BuiltInSpaceOptions, { name: Name }>) => SearchSpace
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
 * @throws ConfigError if there is no such space, listing the names; if its settings are invalid; or if a module or a
 * value is not a search space.
 *
 * @example
 * createSearchSpace({ name: 'cell', nodes: 5, operations: ['none', 'sep_conv_3x3'] })
 * createSearchSpace({ name: 'module', module: './space.mjs', settings: { length: 5 } })
 */
export function createSearchSpace(options: SpaceOptions): SearchSpace {
  if (isOwn(options)) return createOwnSpace(options)
  const create = factories[findSpaceName(options.name)] as (options: SpaceOptions) => SearchSpace
  return create(options)
}

/** Whether a space comes from a module or a program, and not from this package. */
function isOwn(options: SpaceOptions): options is OwnSpaceOptions {
  return options.name === 'module' || options.name === 'value'
}

/** @throws ConfigError that lists the names, unless `name` is one of them. */
export function findSpaceName(name: string): SearchSpaceName {
  const known = searchSpaceNames.find((candidate) => candidate === name)
  if (known !== undefined) return known
  const meant = closest(name, searchSpaceNames)
  throw new ConfigError(
    `There is no search space "${name}"${meant === null ? '' : `; did you mean ${meant}?`} ` +
      `(search spaces: ${searchSpaceNames.join(', ')}).`,
  )
}
