import type { Outcome } from '../evaluators/outcome.js'
import type { Architecture } from '../spaces/search-space.js'

/** The events of a full training, in order. */
export type TrainEvent = TrainingStarted | EpochFinished | TrainingFinished

interface OfTraining {
  readonly architecture: Architecture
}

export interface TrainingStarted extends OfTraining {
  readonly kind: 'training-started'
  /** How many it will train. */
  readonly epochs: number
}

export interface EpochFinished extends OfTraining {
  readonly kind: 'epoch-finished'
  /** From 1. */
  readonly epoch: number
  readonly epochs: number
}

/** The training has ended. If its outcome is `scored`, the network is measured on the test images next. */
export interface TrainingFinished extends OfTraining {
  readonly kind: 'training-finished'
  readonly outcome: Outcome
}
