import type { Rng } from '../platform/rng.js'
import type { Architecture, DuplicateLevel, SearchSpace } from '../spaces/search-space.js'
import type { SearchHistory } from './strategy.js'

/** An architecture with its canonical form. */
export interface Candidate {
  readonly architecture: Architecture
  readonly form: string
}

/** Every canonical form of a space once, in a fixed order, generated on demand. */
export interface ArchitectureOrder {
  /** The one at `position`, from 0; null beyond the last. Constant time, amortised. */
  at(position: number): Candidate | null
  /** The first that has not been proposed; null if all have. */
  firstNew(history: SearchHistory): Architecture | null
}

/** A uniformly random order of all architecture strings, keeping the first of each canonical form. */
export function shuffledOrder(space: SearchSpace, level: DuplicateLevel, rng: Rng): ArchitectureOrder {
  return architectureOrder(space, level, (size) => lazyPermutation(size, rng))
}

/** The space's own order, keeping the first of each canonical form. */
export function listedOrder(space: SearchSpace, level: DuplicateLevel): ArchitectureOrder {
  return architectureOrder(space, level, upTo)
}

/**
 * For a restricted space: the order of the whole space without what is outside, so that the restricted space need not
 * be counted.
 */
function architectureOrder(
  space: SearchSpace,
  level: DuplicateLevel,
  order: (size: number) => Iterable<number>,
): ArchitectureOrder {
  const { whole, holds } = space.part ?? { whole: space, holds: () => true }
  const known: Candidate[] = []
  const further = distinctCandidates(whole, level, order(whole.size), holds)
  const at = (position: number): Candidate | null => {
    while (known.length <= position) {
      const next = further.next()
      if (next.done) return null
      known.push(next.value)
    }
    return known[position] ?? null
  }
  return {
    at,
    firstNew({ hasProposed }) {
      for (let position = 0; ; position++) {
        const candidate = at(position)
        if (candidate === null || !hasProposed(candidate.form)) return candidate?.architecture ?? null
      }
    },
  }
}

function* distinctCandidates(
  space: SearchSpace,
  level: DuplicateLevel,
  indices: Iterable<number>,
  holds: (architecture: Architecture) => boolean,
): Generator<Candidate, void> {
  const seen = new Set<string>()
  for (const index of indices) {
    const architecture = space.at(index)
    if (!holds(architecture)) continue
    const form = space.canonical(architecture, level)
    if (seen.has(form)) continue
    seen.add(form)
    yield { architecture, form }
  }
}

function* upTo(n: number): Generator<number, void> {
  for (let i = 0; i < n; i++) yield i
}

/**
 * A uniformly random order of 0..n-1, drawn number by number: Fisher-Yates on an array of which only the entries that
 * were moved are stored, so that a short search in a large space is cheap.
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
