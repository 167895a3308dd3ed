import type { Calibration } from '../../evaluators/calibration/calibration.js'
import { fullTrainingOptions } from '../../evaluators/full-training/settings.js'
import type { EvaluatorSettings } from '../../evaluators/registry.js'
import type { WorkerSetup } from '../../execution/executor.js'
import type { SizeLimits } from '../../networks/size.js'
import type { SeedPart } from '../../platform/rng.js'
import type { FinishedTrial } from '../../search/trial.js'
import type { StrategyOptions } from '../../strategies/registry.js'
import type { CalibrationSummary, OutcomeCounts } from '../study.js'

/** What is ranked, by whom, and against which truth. Plain data. */
export interface RankingOptions {
  /** Everything random follows from it. */
  readonly seed: SeedPart
  readonly setup: Pick<WorkerSetup, 'engine' | 'recipe' | 'space'>
  /** Draws the architectures. */
  readonly strategy: StrategyOptions
  /** What architectures may be; absent or null: anything of the space. */
  readonly constraints?: SizeLimits | null | undefined
  readonly architectures: number
  readonly truth: TruthOptions
  readonly methods: readonly RankingMethod[]
  /** How often the architectures are drawn again for the intervals. */
  readonly bootstrap: number
}

/** The accuracy after full training that counts as the truth. */
export interface TruthOptions {
  /** Of which images. */
  readonly accuracy: 'test' | 'validation'
  /**
   * Whether full training starts from the very weights, and sees the images in the very order, that the evaluators do.
   * If not, chance that both have in common cannot pass for agreement; the truth of the paper is a table, so it is not.
   */
  readonly sharedSeeds: boolean
}

export interface RankingMethod {
  /** Unique; the journal and the report use it. */
  readonly name: string
  readonly evaluator: EvaluatorSettings
}

/** What a method did with the architectures. */
export interface MethodRun extends RankingMethod {
  /** How FEAR's threshold was found, if it was. */
  readonly calibration?: Calibration | null | undefined
  /** In order of index. */
  readonly trials: readonly FinishedTrial[]
  readonly wallSeconds: number
}

/**
 * A figure with its 95 % bootstrap interval, each null where it is undefined. A correlation of fewer than `leastPairs`
 * architectures, and a ratio of fewer than `leastUnits`, has no interval.
 */
export interface Estimate {
  readonly value: number | null
  readonly low: number | null
  readonly high: number | null
}

/** A method on the best `percent` per cent of some architectures by truth. */
export interface SubsetAgreement {
  readonly percent: number
  /** `floor(n percent / 100)`. */
  readonly architectures: number
  readonly spearman: Estimate
  readonly kendall: Estimate
  readonly commonRatio: Estimate
  /** One worker's seconds for one architecture of these; null of none, the standard error of fewer than two. */
  readonly seconds: { readonly mean: number | null; readonly standardError: number | null }
}

/** A method on architectures that others were asked about too. */
export interface SharedSubsetAgreement extends SubsetAgreement {
  /**
   * The Spearman of the first evaluator of the ranking less this method's, on the same resamples: where all of the
   * interval is above 0, the first one ranks better than chance explains.
   */
  readonly lead: Estimate
}

/** What a method did, and how well its scores rank. */
export interface MethodResult extends RankingMethod {
  readonly outcomes: OutcomeCounts
  /** The threshold that was found for it, and the cost, which none of the seconds contain; null where there was none. */
  readonly calibration: CalibrationSummary | null
  /** Of all architectures, whatever became of them. */
  readonly computeSeconds: number
  readonly wallSeconds: number
  /** Over the architectures that every method scored and that have a truth. */
  readonly common: readonly SharedSubsetAgreement[]
  /** Over the architectures that this method scored and that have a truth: as the paper does. */
  readonly own: readonly SubsetAgreement[]
}

/** An architecture with its truth and its scores by method, null where there is none. */
export interface RankedArchitecture {
  readonly trial: number
  readonly architecture: string
  readonly truth: number | null
  readonly scores: Readonly<Record<string, number | null>>
}

export interface RankingResult {
  /** How many full trainings this session took over from earlier runs. */
  readonly reusedTruths: number
  /** How many evaluations this session took over from the runs it was told of. */
  readonly reusedEvaluations: number
  /** How many architectures every method scored, and how many of them have a truth. */
  readonly commonArchitectures: number
  /** Full training first, whose score is the validation accuracy of the very networks that are the truth. */
  readonly methods: readonly MethodResult[]
  /** In the order in which they were drawn. */
  readonly architectures: readonly RankedArchitecture[]
  /** Ended early by request: the figures are of what there is. */
  readonly stopped: boolean
}

/** The percentages of the paper's figures. */
export const rankingPercents = [10, 20, 30, 40, 50, 100] as const

/** The method whose networks are the truth. */
export const truthMethod: RankingMethod = { name: fullTrainingOptions.name, evaluator: fullTrainingOptions }
