import type { Rng } from '../platform/rng.js'
import type { Architecture, DuplicateLevel, SearchSpace } from '../spaces/search-space.js'
import { shuffledOrder } from './architecture-order.js'
import { scoreOf } from './score-of.js'
import type { FinishedTrial, Strategy } from './strategy.js'

export interface RegularizedEvolutionOptions {
  readonly name: 'regularized-evolution'
  /** When two architectures count as the same; only one of them is proposed. */
  readonly duplicates: DuplicateLevel
  /** The number of latest finished trials in the population. */
  readonly population: number
  /** The number of members drawn from the population; the best of them is the parent. */
  readonly sample: number
}

/** Those of NATS-Bench's regularized evolution. */
export const defaultEvolution = { population: 10, sample: 3 } as const

/**
 * Regularized (aging) evolution, Real et al. 2019 ("Regularized evolution for image classifier architecture search",
 * algorithm 1). Once a population has finished, each proposal is the best of `sample` members, drawn with replacement,
 * with one operation changed. Members are removed by age alone: the population is the latest trials, whatever their
 * scores.
 *
 * Until then the proposals are those of random search with the same seed. Mutations that were proposed before are not
 * drawn. If a parent has no other, the next best of the draw is used; if none has, a random architecture.
 *
 * A trial without a score (rejected, below the threshold, diverged, failed) stays in the population until it ages out,
 * loses to every score, and is never a parent.
 */
export function createRegularizedEvolution(
  { duplicates, population, sample }: RegularizedEvolutionOptions,
  space: SearchSpace,
  rng: Rng,
): Strategy<Architecture> {
  const order = shuffledOrder(space, duplicates, rng.fork('order'))
  return {
    name: 'regularized-evolution',
    ask(history, stream) {
      const { trials, hasProposed } = history
      if (trials.length < population) return order.firstNew(history)
      for (const parent of drawParents(trials.slice(-population), sample, stream)) {
        const children = space
          .neighbours(parent)
          .filter((architecture) => !hasProposed(space.canonical(architecture, duplicates)))
        if (children.length > 0) return children[stream.integer(children.length)] as Architecture
      }
      return order.firstNew(history)
    },
  }
}

/** The scored members among `count` draws, best first; for equal scores the younger first. */
function drawParents(members: readonly FinishedTrial[], count: number, stream: Rng): readonly Architecture[] {
  const drawn = Array.from({ length: count }, () => members[stream.integer(members.length)] as FinishedTrial)
  return drawn
    .filter(({ outcome }) => outcome.kind === 'scored')
    .toSorted((a, b) => scoreOf(b) - scoreOf(a) || b.index - a.index)
    .map(({ architecture }) => architecture)
}
