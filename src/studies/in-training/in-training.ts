import type { InTrainingOptions } from '../../evaluators/measures-in-training/settings.js'
import type { MeasureName } from '../../evaluators/zero-cost/measure.js'
import type { Estimate, SubsetAgreement } from '../rank/ranking.js'
import type { OutcomeCounts } from '../study.js'

/** The scores of architectures during training: the measures, and the training and validation accuracies. */
export type CurveName = MeasureName | 'train-accuracy' | 'validation-accuracy'

/**
 * How well a score ranks the best `percent` per cent by truth. Seconds include the training up to there and the score.
 */
export interface CurveSubset extends SubsetAgreement {
  /**
   * The Spearman at the curve's first point minus the one here, on the same resamples. If the whole interval is above
   * 0, the score ranks worse here, beyond chance.
   */
  readonly decline: Estimate
}

export interface ScoreCurvePoint {
  /** Epochs of training, or `threshold` for the first epoch whose training accuracy reached it. */
  readonly at: number | 'threshold'
  /** Number of architectures whose score is not a finite number. They rank last. */
  readonly notFinite: number
  /** At the percentages of a ranking. */
  readonly subsets: readonly CurveSubset[]
}

/** A score during training. Training accuracy has no point at 0 epochs. */
export interface ScoreCurve {
  readonly name: CurveName
  readonly points: readonly ScoreCurvePoint[]
}

/** All points of all curves cover the same architectures. */
export interface ScoreCurves {
  readonly architectures: number
  /** Measures first, in the order of the options. */
  readonly curves: readonly ScoreCurve[]
}

/** Scores of the networks that reach the threshold, at that point and untrained. */
export interface ThresholdCurves extends ScoreCurves {
  readonly trainAccuracy: number
  /** The number of epochs it took. */
  readonly epochs: { readonly mean: number | null; readonly standardError: number | null }
}

/** Zero-cost measures during training: Figure 4 of the paper. */
export interface InTrainingResult {
  readonly evaluator: InTrainingOptions
  readonly outcomes: OutcomeCounts
  readonly computeSeconds: number
  readonly wallSeconds: number
  /** Over the architectures that have a truth and were measured after all requested epochs. */
  readonly epochs: ScoreCurves
  /** Over those that have a truth and reached the threshold; null if no threshold was set. */
  readonly threshold: ThresholdCurves | null
}
