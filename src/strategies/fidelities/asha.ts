import type { Rng } from '../../platform/rng.js'
import type { DuplicateLevel, SearchSpace } from '../../spaces/search-space.js'
import { shuffledOrder } from '../architecture-order.js'
import { fidelityOf } from '../lineage.js'
import type { Strategy } from '../strategy.js'
import { bestOf } from './best-of.js'

export interface AshaOptions {
  readonly name: 'asha'
  /** When two architectures count as the same; only one of them is proposed. */
  readonly duplicates: DuplicateLevel
  /** The best 1/eta of the trials of a fidelity are promoted to the next. */
  readonly eta: number
}

/** The authors' experiments use 4; 3 is optimal for synchronous successive halving (Hyperband). */
export const defaultEta = 3

/**
 * Asynchronous successive halving, Li et al. 2020 ("A system for massively parallel hyperparameter tuning", algorithm
 * 2). A trial is promoted as soon as it is among the best 1/eta of those that have finished at its fidelity, the
 * highest fidelity first; if there is none to promote, it proposes the next architecture of random search with the same
 * seed. It never waits, and so promotes some trials that it would not promote with all results known.
 *
 * A trial without a score (rejected, below the threshold, diverged, failed) counts as finished and is never promoted.
 */
export function createAsha({ duplicates, eta }: AshaOptions, space: SearchSpace, rng: Rng): Strategy {
  const order = shuffledOrder(space, duplicates, rng.fork('order'))
  return {
    name: 'asha',
    ask({ fidelities, promotions, proposed, trials }) {
      for (let fidelity = fidelities - 2; fidelity >= 0; fidelity--) {
        const rung = trials.filter((trial) => fidelityOf(trial) === fidelity)
        const best = bestOf(rung, Math.floor(rung.length / eta)).find(({ index }) => !promotions.has(index))
        if (best !== undefined) return { promote: best.index }
      }
      return order.at(proposed - promotions.size)?.architecture ?? null
    },
  }
}
