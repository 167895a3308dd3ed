import type { Outcome } from '../evaluators/outcome.js'
import type { Architecture } from '../spaces/search-space.js'
import type { TrainedEpoch } from '../training/checkpoint.js'

/** The events of a full training, in order; of several seeds one after the other. */
export type TrainEvent = TrainingStarted | EpochFinished | TrainingFinished

interface OfTraining {
  readonly architecture: Architecture
  /** From 1; absent where one network is trained. */
  readonly repetition?: number | undefined
  /** How many networks are trained; absent where it is one. */
  readonly repetitions?: number | undefined
}

export interface TrainingStarted extends OfTraining {
  readonly kind: 'training-started'
  /** How many it will train. */
  readonly epochs: number
  /** How many are done, if it goes on. */
  readonly done?: number | undefined
}

export interface EpochFinished extends OfTraining {
  readonly kind: 'epoch-finished'
  /** From 1. */
  readonly epoch: number
  readonly epochs: number
  /** What it gave; only in a training with a directory. */
  readonly figures?: TrainedEpoch | undefined
}

/** The training has ended. If its outcome is `scored`, the network is measured on the test images next. */
export interface TrainingFinished extends OfTraining {
  readonly kind: 'training-finished'
  readonly outcome: Outcome
}
