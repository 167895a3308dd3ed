import { isFastEnough, type NetworkLimits } from '../networks/latency-range.js'
import { isWithinLimits } from '../networks/size.js'
import { ArchitectureError } from '../platform/errors.js'
import { listedSpace } from './listed-space.js'
import type { Architecture, MacroSpec, SearchSpace } from './search-space.js'

/** The seconds that an architecture's network takes for one image. */
export type SecondsOf = (architecture: Architecture) => number

function unmeasured(): never {
  throw new TypeError('a limit on latency needs something that measures')
}

/** Number of random architectures to try before checking all. */
const mostTries = 1_000

/**
 * The part of a space whose networks are within `limits`. Architectures are checked on demand. Only `size`, `at`,
 * `indexOf` and `distinct` check the whole space, once; random orders and `sample` do not.
 *
 * Strings of the same canonical form may differ in whether they are within the limits, since operations on a dead end make
 * a network larger.
 *
 * @param macro the network around the cells, for the data set in use.
 * @param secondsOf needed with `limits.latency`; called once for each architecture that the other limits allow.
 */
export function limitedSpace(
  whole: SearchSpace,
  limits: NetworkLimits,
  macro: MacroSpec,
  secondsOf: SecondsOf = unmeasured,
): SearchSpace {
  const known = new Map<Architecture, boolean>()
  const holds = (architecture: Architecture): boolean => {
    let answer = known.get(architecture)
    if (answer === undefined) {
      // Measured last: it takes time.
      answer =
        isWithinLimits(whole.network(architecture, macro), limits) &&
        (limits.latency === undefined || isFastEnough(limits.latency, secondsOf(architecture)))
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

/** The architectures of the part, in the order of the whole space. */
function* heldBy(whole: SearchSpace, holds: (architecture: Architecture) => boolean): Generator<Architecture> {
  for (let index = 0; index < whole.size; index++) {
    const architecture = whole.at(index)
    if (holds(architecture)) yield architecture
  }
}
