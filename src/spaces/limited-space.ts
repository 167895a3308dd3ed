import { isWithin, type SizeLimits } from '../networks/size.js'
import { ArchitectureError } from '../platform/errors.js'
import { listedSpace } from './listed-space.js'
import type { Architecture, MacroSpec, SearchSpace } from './search-space.js'

/** So many random architectures are tried before all are looked at. */
const mostTries = 1_000

/**
 * The part of a space whose networks are within `limits`: searches in it meet no other architecture. An architecture is
 * looked at when it is met. Only who asks for numbers and indices (`size`, `at`, `indexOf`, `distinct`) has all of the
 * space looked at, once; orders of architectures and `sample` do without.
 *
 * Of one canonical form some spellings may be within and others not: those with operations on a dead end are larger.
 *
 * @param macro what stands around the cells, for the data set in use.
 */
export function limitedSpace(whole: SearchSpace, limits: SizeLimits, macro: MacroSpec): SearchSpace {
  const known = new Map<Architecture, boolean>()
  const holds = (architecture: Architecture): boolean => {
    let answer = known.get(architecture)
    if (answer === undefined) {
      answer = isWithin(whole.network(architecture, macro), limits)
      known.set(architecture, answer)
    }
    return answer
  }
  let list: SearchSpace | null = null
  const listed = (): SearchSpace => {
    list ??= listedSpace(whole, heldBy(whole, holds))
    return list
  }
  const parse = (text: string): Architecture => {
    const architecture = whole.parse(text)
    if (holds(architecture)) return architecture
    throw new ArchitectureError(`${architecture} is an architecture of ${whole.name}, but not within the constraints.`)
  }
  return {
    name: whole.name,
    part: { whole, holds },
    get size() {
      return listed().size
    },
    at: (index) => listed().at(index),
    indexOf: (architecture) => listed().indexOf(parse(architecture)),
    parse,
    canonical: (architecture, level) => whole.canonical(architecture, level),
    distinct: (level) => listed().distinct(level),
    isConnected: (architecture) => whole.isConnected(architecture),
    decisions: whole.decisions,
    choices: (architecture) => whole.choices(architecture),
    fromChoices(choices) {
      const architecture = whole.fromChoices(choices)
      return architecture !== null && holds(architecture) ? architecture : null
    },
    neighbours: (architecture) => whole.neighbours(architecture).filter(holds),
    sample(rng) {
      for (let tried = 0; tried < mostTries; tried++) {
        const architecture = whole.sample(rng)
        if (holds(architecture)) return architecture
      }
      return listed().sample(rng)
    },
    network: (architecture, ofMacro) => whole.network(architecture, ofMacro),
  }
}

/** Those that belong to the part, in the order of the whole. */
function* heldBy(whole: SearchSpace, holds: (architecture: Architecture) => boolean): Generator<Architecture> {
  for (let index = 0; index < whole.size; index++) {
    const architecture = whole.at(index)
    if (holds(architecture)) yield architecture
  }
}
