import type { DuplicateLevel, SearchSpace } from '../../spaces/search-space.js'
import type { Candidate } from '../architecture-order.js'

/** The neighbours of an architecture that are different networks, each canonical form once. Cached. */
export function neighbourhoods(
  space: SearchSpace,
  level: DuplicateLevel,
): (candidate: Candidate) => readonly Candidate[] {
  const known = new Map<string, readonly Candidate[]>()
  return ({ architecture, form }) => {
    const before = known.get(architecture)
    if (before !== undefined) return before
    const byForm = new Map<string, Candidate>()
    for (const neighbour of space.neighbours(architecture)) {
      const candidate = { architecture: neighbour, form: space.canonical(neighbour, level) }
      if (candidate.form !== form && !byForm.has(candidate.form)) byForm.set(candidate.form, candidate)
    }
    const neighbours = [...byForm.values()]
    known.set(architecture, neighbours)
    return neighbours
  }
}
