import type { ByMeasure } from '../zero-cost/score-architecture.js'

/** Measures and accuracies of a network after some epochs of training. */
export interface Snapshot {
  /** Number of epochs of training before the snapshot. */
  readonly epochs: number
  /** Accuracy of the last of these epochs, in 0..1; null for an untrained network. */
  readonly trainAccuracy: number | null
  /** In 0..1. */
  readonly validationAccuracy: number
  /** Null where a measure is not a finite number. */
  readonly measures: ByMeasure<number | null>
  /** Seconds of each measure; `train` is the training up to here. */
  readonly seconds: { readonly train: number; readonly validate: number; readonly measures: ByMeasure<number> }
}
