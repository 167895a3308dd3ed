import type { Rng } from '../platform/rng.js'
import type { Architecture, DuplicateLevel, SearchSpace } from '../spaces/search-space.js'
import { shuffledOrder } from './architecture-order.js'
import type { Strategy } from './strategy.js'

export interface RandomOptions {
  readonly name: 'random'
  /** When two architectures count as the same and are not both proposed. */
  readonly duplicates: DuplicateLevel
}

/**
 * Random search without replacement. The architectures come in a uniformly random order of the whole space, from which
 * all but the first of each canonical form are left out.
 *
 * The order is a function of `rng`'s seed alone: two arms of a study with one seed get the same architectures, whatever
 * their evaluators say. Constant time an `ask`, amortised; null after exactly `space.distinct(duplicates)` proposals.
 */
export function createRandomStrategy(options: RandomOptions, space: SearchSpace, rng: Rng): Strategy<Architecture> {
  const order = shuffledOrder(space, options.duplicates, rng.fork('order'))
  return { name: 'random', looksAtResults: false, ask: ({ proposed }) => order.at(proposed)?.architecture ?? null }
}
