import type { Rng } from '../platform/rng.js'
import type { Architecture, DuplicateLevel, SearchSpace } from '../spaces/search-space.js'
import { shuffledOrder } from './architecture-order.js'
import type { Strategy } from './strategy.js'

export interface RandomOptions {
  readonly name: 'random'
  /** When two architectures count as the same; only one of them is proposed. */
  readonly duplicates: DuplicateLevel
}

/**
 * Random search without replacement. The architectures come in a uniformly random order of the whole space, keeping the
 * first of each canonical form.
 *
 * The order depends only on `rng`'s seed: two arms of a study with the same seed get the same architectures, whatever
 * their scores. Amortised constant time per `ask`; null after exactly `space.distinct(duplicates)` proposals.
 */
export function createRandomStrategy(options: RandomOptions, space: SearchSpace, rng: Rng): Strategy<Architecture> {
  const order = shuffledOrder(space, options.duplicates, rng.fork('order'))
  return { name: 'random', looksAtResults: false, ask: ({ proposed }) => order.at(proposed)?.architecture ?? null }
}
