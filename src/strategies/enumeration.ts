import { ConfigError } from '../platform/errors.js'
import type { Rng } from '../platform/rng.js'
import { countableSize } from '../spaces/product-space.js'
import type { Architecture, DuplicateLevel, SearchSpace } from '../spaces/search-space.js'
import { listedOrder } from './architecture-order.js'
import type { Strategy } from './strategy.js'

export interface EnumerationOptions {
  readonly name: 'enumeration'
  /** When two architectures count as the same; only one of them is proposed. */
  readonly duplicates: DuplicateLevel
}

/**
 * The architectures of the space in its own order, each canonical form once, to evaluate the whole space (a grid). If
 * it is cut short it is a poor search, since neighbours in this order are similar.
 *
 * @throws ConfigError if the space is too large to enumerate.
 */
export function createEnumeration(
  { duplicates }: EnumerationOptions,
  space: SearchSpace,
  _rng: Rng,
): Strategy<Architecture> {
  const { name, size } = space.part?.whole ?? space
  if (size > countableSize) {
    throw new ConfigError(
      `enumeration goes through a whole space, and ${name} has ${size} architectures here: more than ` +
        `${countableSize}. Use random.`,
    )
  }
  const order = listedOrder(space, duplicates)
  return { name: 'enumeration', looksAtResults: false, ask: ({ proposed }) => order.at(proposed)?.architecture ?? null }
}
