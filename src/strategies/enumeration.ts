import type { Rng } from '../platform/rng.js'
import type { Architecture, DuplicateLevel, SearchSpace } from '../spaces/search-space.js'
import { listedOrder } from './architecture-order.js'
import type { Strategy } from './strategy.js'

export interface EnumerationOptions {
  readonly name: 'enumeration'
  /** When two architectures count as the same and are not both proposed. */
  readonly duplicates: DuplicateLevel
}

/**
 * The architectures of the space in its own order, each canonical form once: to evaluate all there are (a grid). Cut
 * short it is a poor search, since neighbours in the order are much alike.
 */
export function createEnumeration(
  { duplicates }: EnumerationOptions,
  space: SearchSpace,
  _rng: Rng,
): Strategy<Architecture> {
  const order = listedOrder(space, duplicates)
  return { name: 'enumeration', looksAtResults: false, ask: ({ proposed }) => order.at(proposed)?.architecture ?? null }
}
