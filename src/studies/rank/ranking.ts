import type { Calibration } from '../../evaluators/calibration/calibration.js'
import { fullTrainingOptions } from '../../evaluators/full-training/settings.js'
import type { EvaluatorSettings } from '../../evaluators/registry.js'
import type { WorkerSetup } from '../../execution/executor.js'
import type { NetworkLimits } from '../../networks/latency-range.js'
import type { SeedPart } from '../../platform/rng.js'
import type { FinishedTrial } from '../../search/trial.js'
import type { StrategyOptions } from '../../strategies/registry.js'
import type { CalibrationSummary, OutcomeCounts } from '../study.js'

/** The options of a ranking: architectures, evaluators and truth. Plain data. */
export interface RankingOptions {
  /** Seed of all random numbers. */
  readonly seed: SeedPart
  readonly setup: Pick<WorkerSetup, 'engine' | 'recipe' | 'space'>
  /** Draws the architectures. */
  readonly strategy: StrategyOptions
  /** Limits on architectures; absent or null: none. */
  readonly constraints?: NetworkLimits | null | undefined
  readonly architectures: number
  readonly truth: TruthOptions
  readonly methods: readonly RankingMethod[]
  /** Number of bootstrap resamples for the intervals. */
  readonly bootstrap: number
}

/** The accuracy after full training that counts as the truth. */
export interface TruthOptions {
  /** The images whose accuracy is the truth. */
  readonly accuracy: 'test' | 'validation'
  /**
   * Whether full training uses the same initial weights and image order as the evaluators. If not, shared randomness
   * cannot look like agreement. The paper's truth is a table, so it does not share them.
   */
  readonly sharedSeeds: boolean
}

export interface RankingMethod {
  /** Unique name for journal and report. */
  readonly name: string
  readonly evaluator: EvaluatorSettings
}

/** The results of a method. */
export interface MethodRun extends RankingMethod {
  /** How FEAR's threshold was found, if it was. */
  readonly calibration?: Calibration | null | undefined
  /** In order of index. */
  readonly trials: readonly FinishedTrial[]
  readonly wallSeconds: number
}

/**
 * A figure with its 95 % bootstrap interval; null if undefined. A correlation of fewer than `leastPairs` architectures,
 * and a ratio of fewer than `leastUnits`, has no interval.
 */
export interface Estimate {
  readonly value: number | null
  readonly low: number | null
  readonly high: number | null
}

/** Figures of a method on the top `percent` per cent of some architectures by truth. */
export interface SubsetAgreement {
  readonly percent: number
  /** `floor(n percent / 100)`. */
  readonly architectures: number
  readonly spearman: Estimate
  readonly kendall: Estimate
  readonly commonRatio: Estimate
  /** Mean compute seconds per architecture; null if there is none. The standard error is null for fewer than two. */
  readonly seconds: { readonly mean: number | null; readonly standardError: number | null }
}

/** Figures of a method on architectures that all methods scored. */
export interface SharedSubsetAgreement extends SubsetAgreement {
  /**
   * The Spearman of the ranking's first evaluator minus this method's, on the same resamples. If the whole interval is
   * above 0, the first one ranks better, beyond chance.
   */
  readonly lead: Estimate
}

/** The results of a method and its rank agreement. */
export interface MethodResult extends RankingMethod {
  readonly outcomes: OutcomeCounts
  /**
   * Its calibrated threshold and the cost of the calibration, which is not in any of the seconds; null if there was
   * none.
   */
  readonly calibration: CalibrationSummary | null
  /** Compute seconds of all architectures, with any outcome. */
  readonly computeSeconds: number
  readonly wallSeconds: number
  /** Over the architectures that every method scored and that have a truth. */
  readonly common: readonly SharedSubsetAgreement[]
  /** Over the architectures that this method scored and that have a truth, as in the paper. */
  readonly own: readonly SubsetAgreement[]
}

/** An architecture with its truth and its scores by method; null if absent. */
export interface RankedArchitecture {
  readonly trial: number
  readonly architecture: string
  readonly truth: number | null
  readonly scores: Readonly<Record<string, number | null>>
}

export interface RankingResult {
  /** Number of full trainings reused from earlier runs in this session. */
  readonly reusedTruths: number
  /** Number of evaluations reused from the runs in `from` in this session. */
  readonly reusedEvaluations: number
  /** Number of architectures that every method scored, and how many of them have a truth. */
  readonly commonArchitectures: number
  /** Full training first; its score is the validation accuracy of the networks whose accuracy is the truth. */
  readonly methods: readonly MethodResult[]
  /** In the order of drawing. */
  readonly architectures: readonly RankedArchitecture[]
  /** Ended early by request; the figures cover the results so far. */
  readonly stopped: boolean
}

/** The percentages of the paper's figures. */
export const rankingPercents = [10, 20, 30, 40, 50, 100] as const

/** The method whose networks are the truth. */
export const truthMethod: RankingMethod = { name: fullTrainingOptions.name, evaluator: fullTrainingOptions }
