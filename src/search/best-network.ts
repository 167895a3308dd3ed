import type { Evaluation } from '../evaluators/evaluator.js'
import type { NetworkWeights } from '../networks/weights.js'
import type { Architecture } from '../spaces/search-space.js'
import type { RunningTrial } from './trial.js'

/** A fully trained network. */
export interface TrainedNetwork {
  readonly trial: number
  /** The trial whose seeds it has, if different. */
  readonly origin?: number
  readonly architecture: Architecture
  /** In 0..1. */
  readonly validationAccuracy: number
  /** Null if it was trained in an earlier session and only its accuracy is known. */
  readonly weights: NetworkWeights | null
}

/**
 * Keeps the best fully trained network of an arm by validation accuracy; for equal accuracies that of the lowest trial,
 * so that it does not depend on the order of finishing. The weights of the others are released.
 */
export class BestNetworkKeeper {
  readonly #onBest: (best: TrainedNetwork) => void
  #best: TrainedNetwork | null = null

  constructor(onBest: (best: TrainedNetwork) => void = () => {}) {
    this.#onBest = onBest
  }

  get best(): TrainedNetwork | null {
    return this.#best
  }

  offer({ index: trial, architecture, origin }: RunningTrial, { outcome, weights }: Evaluation): void {
    if (outcome.kind !== 'scored' || outcome.validationAccuracy === null) return
    const { validationAccuracy } = outcome
    const best = this.#best
    if (best !== null) {
      if (validationAccuracy < best.validationAccuracy) return
      if (validationAccuracy === best.validationAccuracy && trial > best.trial) return
    }
    const seeds = origin === undefined ? {} : { origin }
    this.#best = { trial, ...seeds, architecture, validationAccuracy, weights: weights ?? null }
    this.#onBest(this.#best)
  }
}
