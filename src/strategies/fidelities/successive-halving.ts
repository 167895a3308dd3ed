import type { Rng } from '../../platform/rng.js'
import type { DuplicateLevel, SearchSpace } from '../../spaces/search-space.js'
import { shuffledOrder } from '../architecture-order.js'
import type { FinishedTrial, SearchHistory, Strategy } from '../strategy.js'
import { bestOf } from './best-of.js'

export interface SuccessiveHalvingOptions {
  readonly name: 'successive-halving'
  /** When two architectures count as the same; only one of them is proposed. */
  readonly duplicates: DuplicateLevel
  /** The best 1/eta of the trials of a fidelity are promoted to the next. */
  readonly eta: number
  /**
   * Architectures in a bracket. At least `eta` to the power of the number of promotions, so that one reaches the last
   * fidelity.
   */
  readonly initial: number
}

/** Enough for three promotions with eta 3. */
export const defaultInitial = 27

/**
 * Successive halving (Jamieson and Talwalkar 2016; Li et al. 2020, algorithm 1), bracket after bracket: `initial`
 * architectures are evaluated by the cheapest fidelity, the best 1/eta of them by the next, and so on to the last.
 * Trials are promoted when the whole rung has finished. While it waits for the last results, the next bracket starts,
 * so that no worker is idle. Promotions come first, the oldest bracket first.
 *
 * The architectures are those of random search with the same seed. A trial without a score (rejected, below the
 * threshold, diverged, failed) is never promoted: a rung may be smaller than planned. At the end of the space the last
 * bracket may be small.
 */
export function createSuccessiveHalving(
  { duplicates, eta, initial }: SuccessiveHalvingOptions,
  space: SearchSpace,
  rng: Rng,
): Strategy {
  const order = shuffledOrder(space, duplicates, rng.fork('order'))
  return {
    name: 'successive-halving',
    ask(history) {
      const finished = new Map(history.trials.map((trial) => [trial.index, trial]))
      const firsts = firstRungs(history)
      const next = order.at(firsts.length)
      for (let start = 0; start < firsts.length; start += initial) {
        const bracket = firsts.slice(start, start + initial)
        if (bracket.length < initial && next !== null) break
        const promotable = nextPromotion(bracket, eta, finished, history)
        if (promotable !== null) return { promote: promotable }
      }
      return next?.architecture ?? null
    },
  }
}

/** The trials of the cheapest fidelity, running ones included, in order. */
function firstRungs({ promotions, proposed }: SearchHistory): readonly number[] {
  const promoted = new Set(promotions.values())
  return Array.from({ length: proposed }, (_, index) => index).filter((index) => !promoted.has(index))
}

/** The trial that a bracket promotes next; null while results are missing, and when it is done. */
function nextPromotion(
  bracket: readonly number[],
  eta: number,
  finished: ReadonlyMap<number, FinishedTrial>,
  { fidelities, promotions }: SearchHistory,
): number | null {
  let rung = bracket
  for (let fidelity = 1; fidelity < fidelities; fidelity++) {
    const known = rung.flatMap((index) => finished.get(index) ?? [])
    if (known.length < rung.length) return null
    const winners = bestOf(known, Math.floor(bracket.length / eta ** fidelity))
    const waiting = winners.find(({ index }) => !promotions.has(index))
    if (waiting !== undefined) return waiting.index
    rung = winners.flatMap(({ index }) => promotions.get(index) ?? [])
  }
  return null
}
