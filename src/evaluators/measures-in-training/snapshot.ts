import type { ByMeasure } from '../zero-cost/score-architecture.js'

/** What measures and accuracies say of a network after some epochs of training. */
export interface Snapshot {
  /** How many epochs the network was trained before. */
  readonly epochs: number
  /** Of the last of these epochs, in 0..1; null of an untrained network. */
  readonly trainAccuracy: number | null
  /** In 0..1. */
  readonly validationAccuracy: number
  /** Null where a measure is not a finite number. */
  readonly measures: ByMeasure<number | null>
  /** What each of them took, besides the training up to here, which `train` is. */
  readonly seconds: { readonly train: number; readonly validate: number; readonly measures: ByMeasure<number> }
}
