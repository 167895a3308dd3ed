import type { Rng } from '../platform/rng.js'
import type { Architecture, DuplicateLevel, SearchSpace } from '../spaces/search-space.js'
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
export function createRandomStrategy(options: RandomOptions, space: SearchSpace, rng: Rng): Strategy {
  const order: Architecture[] = []
  const further = distinctArchitectures(space, options.duplicates, rng.fork('order'))
  return {
    name: 'random',
    ask({ proposed }) {
      while (order.length <= proposed) {
        const next = further.next()
        if (next.done) return null
        order.push(next.value)
      }
      return order[proposed] ?? null
    },
  }
}

function* distinctArchitectures(space: SearchSpace, level: DuplicateLevel, rng: Rng): Generator<Architecture, void> {
  const seen = new Set<string>()
  for (const index of lazyPermutation(space.size, rng)) {
    const architecture = space.at(index)
    const canonical = space.canonical(architecture, level)
    if (seen.has(canonical)) continue
    seen.add(canonical)
    yield architecture
  }
}

/**
 * A uniformly random order of 0..n-1, drawn number by number: Fisher-Yates on an array of which only the entries that
 * were moved are stored, so that a short search in a vast space costs little.
 */
function* lazyPermutation(n: number, rng: Rng): Generator<number, void> {
  const moved = new Map<number, number>()
  for (let i = 0; i < n; i++) {
    const j = i + rng.integer(n - i)
    yield moved.get(j) ?? j
    moved.set(j, moved.get(i) ?? i)
    moved.delete(i)
  }
}
