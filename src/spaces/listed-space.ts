import { ArchitectureError } from '../platform/errors.js'
import type { Architecture, DuplicateLevel, SearchSpace } from './search-space.js'

/** A part of a space that is small enough to be counted. */
export interface ListedSpace extends SearchSpace {
  distinct(level: DuplicateLevel): number
}

/**
 * The part of a space given by a list. Indices follow the order of the whole space, so a list of all architectures
 * behaves like the space itself.
 *
 * Canonical forms and neighbours are cached, so that thousands of searches compute them once.
 *
 * @throws ArchitectureError if the list has an architecture that is not in the space; RangeError if it is empty.
 */
export function listedSpace(whole: SearchSpace, list: Iterable<Architecture>): ListedSpace {
  const wholeIndex = new Map([...list].map((architecture) => [architecture, whole.indexOf(architecture)]))
  const listed = [...wholeIndex].toSorted(([, a], [, b]) => a - b).map(([architecture]) => architecture)
  if (listed.length === 0) throw new RangeError('a space needs an architecture')
  const indices = new Map(listed.map((architecture, index) => [architecture, index]))
  const forms: Record<DuplicateLevel, Map<Architecture, string>> = {
    string: new Map(),
    'nats-bench': new Map(),
    isomorphism: new Map(),
  }

  const parse = (text: string): Architecture => {
    const architecture = whole.parse(text)
    if (indices.has(architecture)) return architecture
    throw new ArchitectureError(
      `${architecture} is not one of the ${listed.length} architectures of ${whole.name} here.`,
    )
  }
  const canonical = (architecture: Architecture, level: DuplicateLevel): string => {
    let form = forms[level].get(architecture)
    if (form === undefined) {
      form = whole.canonical(architecture, level)
      forms[level].set(architecture, form)
    }
    return form
  }
  const neighboursOf = new Map<Architecture, readonly Architecture[]>()
  const neighbours = (architecture: Architecture): readonly Architecture[] => {
    let found = neighboursOf.get(architecture)
    if (found === undefined) {
      found = whole.neighbours(architecture).filter((neighbour) => indices.has(neighbour))
      neighboursOf.set(architecture, found)
    }
    return found
  }
  return {
    name: whole.name,
    size: listed.length,
    at(index) {
      const architecture = listed[index]
      if (architecture !== undefined) return architecture
      throw new RangeError(`an index of these architectures is an integer from 0 to ${listed.length - 1}, got ${index}`)
    },
    indexOf: (architecture) => indices.get(parse(architecture)) as number,
    parse,
    canonical,
    distinct: (level) => new Set(listed.map((architecture) => canonical(architecture, level))).size,
    isConnected: (architecture) => whole.isConnected(architecture),
    decisions: whole.decisions,
    choices: (architecture) => whole.choices(architecture),
    fromChoices(choices) {
      const architecture = whole.fromChoices(choices)
      return architecture !== null && indices.has(architecture) ? architecture : null
    },
    neighbours,
    sample: (rng) => listed[rng.integer(listed.length)] as Architecture,
    network: (architecture, macro) => whole.network(architecture, macro),
  }
}
