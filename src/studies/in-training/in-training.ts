import type { InTrainingOptions } from '../../evaluators/measures-in-training/settings.js'
import type { MeasureName } from '../../evaluators/zero-cost/measure.js'
import type { Estimate, SubsetAgreement } from '../rank/ranking.js'
import type { OutcomeCounts } from '../study.js'

/** What ranks architectures in training: the measures, and the accuracies that training shows by itself. */
export type CurveName = MeasureName | 'train-accuracy' | 'validation-accuracy'

/** How well a score ranks the best `percent` per cent by truth. Seconds are of the training up to there and the score. */
export interface CurveSubset extends SubsetAgreement {
  /**
   * The Spearman at the curve's first point less the one here, on the same resamples: where all of the interval is above
   * 0, the score ranks worse here than there, beyond what chance explains.
   */
  readonly decline: Estimate
}

export interface ScoreCurvePoint {
  /** After how many epochs of training, or after the first one whose train accuracy reached the threshold. */
  readonly at: number | 'threshold'
  /** Architectures for which the score is not a finite number. They count as the worst. */
  readonly notFinite: number
  /** At the percentages of a ranking. */
  readonly subsets: readonly CurveSubset[]
}

/** A score as the training goes on. Train accuracy has no point at 0 epochs. */
export interface ScoreCurve {
  readonly name: CurveName
  readonly points: readonly ScoreCurvePoint[]
}

/** All points of all curves are over the same architectures. */
export interface ScoreCurves {
  readonly architectures: number
  /** Measures first, in the order of the options. */
  readonly curves: readonly ScoreCurve[]
}

/** Where the networks that reach a train accuracy stand when they do, against where they began. */
export interface ThresholdCurves extends ScoreCurves {
  readonly trainAccuracy: number
  /** How many epochs it took. */
  readonly epochs: { readonly mean: number | null; readonly standardError: number | null }
}

/** How zero-cost measures rank as training proceeds: Figure 4 of the paper. */
export interface InTrainingResult {
  readonly evaluator: InTrainingOptions
  readonly outcomes: OutcomeCounts
  readonly computeSeconds: number
  readonly wallSeconds: number
  /** Over the architectures that have a truth and were measured after every epoch asked for. */
  readonly epochs: ScoreCurves
  /** Over those that have a truth and reached the threshold; null if none was asked for. */
  readonly threshold: ThresholdCurves | null
}
