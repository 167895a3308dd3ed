import type { Latency } from '../benchmarks/latency.js'
import type { EngineOptions } from '../engines/registry.js'
import type { Cost, OutcomeCounts } from '../evaluators/outcome.js'
import type { EvaluatorSettings } from '../evaluators/registry.js'
import type { NetworkLimits } from '../networks/latency-range.js'
import type { SeedPart } from '../platform/rng.js'
import type { Budget, BudgetUse } from '../search/budget.js'
import type { SearchEvaluators } from '../search/fidelities.js'
import type { Finalist } from '../search/finalists.js'
import type { PrefilterOptions } from '../search/prefilter.js'
import type { SearchEnd } from '../search/search-event.js'
import type { SpaceSetup } from '../spaces/registry.js'
import type { Architecture } from '../spaces/search-space.js'
import type { StrategyOptions } from '../strategies/registry.js'
import type { TrainingRecipe } from '../training/recipe.js'
import type { ArmFronts } from './arm-fronts.js'
import type { Resampling, ResamplingOptions } from './resampling/resampling.js'

/** One search of a study: its strategy, evaluator and number of finalists. */
export interface ArmOptions extends SearchEvaluators<EvaluatorSettings> {
  /** `fear`, `full` or any other name, for journal and report. */
  readonly name: string
  readonly strategy: StrategyOptions
  /** Limits on architectures, for networks of this data set; absent or null: none. */
  readonly constraints?: NetworkLimits | null | undefined
  /** The prefilter, which counts towards the arm's cost; absent or null: none. */
  readonly prefilter?: PrefilterOptions | null | undefined
  /** Number of finalists. Not used if the evaluator trains in full. */
  readonly finalists: number
}

/** Everything that determines the results of a study, besides the data set. Plain data. */
export interface StudyOptions {
  /** Seed of all random numbers. */
  readonly seed: SeedPart
  readonly engine: EngineOptions
  readonly space: SpaceSetup
  readonly training: TrainingRecipe
  /** Number of images per epoch. */
  readonly trainImages: number
  /** Time limit of a trial in seconds: a longer trial ends as `timed-out`. */
  readonly trialTimeoutSeconds: number
  /** See `WorkerSetup.clock`. */
  readonly clock?: 'wall' | 'cpu' | undefined
  /** The budget of each arm. */
  readonly budget: Budget
  /**
   * One arm is a search; several are compared, each with exactly as many trials as the first one had. Names must be
   * unique.
   */
  readonly arms: readonly ArmOptions[]
  /**
   * Replayed searches for intervals. Needs an arm that trains in full; all its networks are then measured on the test
   * images, not charged to any arm. Absent or null: none.
   */
  readonly resampling?: ResamplingOptions | null | undefined
}

/** The final network of an arm, chosen by validation accuracy after full training. */
export interface BestNetwork {
  /** Index of the trial it came from. */
  readonly trial: number
  readonly architecture: Architecture
  /** Score by the arm's evaluator; a FEAR score is not an accuracy. */
  readonly score: number
  /** Validation accuracy of the fully trained network, in 0..1. */
  readonly validationAccuracy: number
  /** In 0..1. Null if the arm was stopped before it could be measured. */
  readonly testAccuracy: number | null
}

/** A calibrated threshold, the networks it is based on, and the cost. */
export interface CalibrationSummary {
  /** In 0..1. */
  readonly threshold: number
  readonly networks: readonly {
    readonly architecture: Architecture
    readonly trainAccuracy: number
    readonly computeSeconds: number
  }[]
  readonly computeSeconds: number
  readonly trainingFlops: number
}

/** The result of a prefilter and its cost. */
export interface PrefilterSummary {
  readonly measure: string
  /** Numbers of architectures drawn, scored and kept. */
  readonly pool: number
  readonly scored: number
  readonly kept: number
  readonly computeSeconds: number
  readonly trainingFlops: number
}

export type { OutcomeCounts } from '../evaluators/outcome.js'

/** One fidelity of a search over several. */
export interface FidelityResult {
  readonly evaluator: string
  readonly trials: number
  /** Number of scored trials. */
  readonly scored: number
  readonly computeSeconds: number
}

/** The result and cost of an arm. */
export interface ArmResult {
  readonly name: string
  readonly strategy: string
  /** Name of the evaluator; for a search over fidelities all of them, as `zero-cost + full-training`. */
  readonly evaluator: string
  /** Figures per fidelity, the cheapest first; absent for other searches. */
  readonly fidelities?: readonly FidelityResult[]
  readonly trials: number
  readonly outcomes: OutcomeCounts
  /** Null if there was no prefilter. */
  readonly prefilter: PrefilterSummary | null
  /** How FEAR's threshold was found; null if it was set or there is none. */
  readonly calibration: CalibrationSummary | null
  /**
   * Compute seconds of prefilter, calibration and all evaluations, including rejected, failed and below-threshold ones.
   */
  readonly evaluationSeconds: number
  /** Compute seconds of the full training of finalists. */
  readonly finalistSeconds: number
  /** `evaluationSeconds + finalistSeconds`. */
  readonly computeSeconds: number
  /** Wall-clock seconds of evaluations and finalists, without the test measurement. */
  readonly wallSeconds: number
  /** FLOPs of evaluations and finalists. */
  readonly trainingFlops: number
  /**
   * Cost by phase, as `prefilter/measure`, `calibration/train`, `evaluation/stage1` or `finalists/train`; in a search over
   * fidelities, as `evaluation/fidelity-1/train`.
   */
  readonly phases: Readonly<Record<string, Cost>>
  readonly budget: readonly BudgetUse[]
  readonly endedBy: SearchEnd
  /** Ended early by request: the result is valid but partial. */
  readonly stopped: boolean
  readonly finalists: readonly Finalist[]
  /** The best networks of each size. */
  readonly pareto: ArmFronts
  /** Null if no network was trained in full. */
  readonly best: BestNetwork | null
  /**
   * Of the best network on the machine of the run, with the engine of the run, in one thread. Depends on the machine, as
   * seconds do. Absent if it was not measured.
   */
  readonly latency?: readonly Latency[]
}

/**
 * The reference arm's figure divided by the arm's: above 1 the arm is faster. NaN if one of them ended without a
 * network, or spent nothing.
 */
export interface Speedup {
  readonly computeSeconds: number
  readonly wallSeconds: number
  readonly trainingFlops: number
}

/**
 * Rank correlation of the arm's scores with the reference arm's accuracies, over the trials scored in both. NaN for
 * fewer than two.
 */
export interface RankCorrelation {
  readonly spearman: number
  readonly kendall: number
  readonly trials: number
}

/** An arm (FEAR) compared with the reference arm (full training), over the same architectures and data. */
export interface Comparison {
  /** The names of the arm and of the reference arm. */
  readonly arm: string
  readonly against: string
  readonly speedup: Speedup
  /** The arm's minus the yardstick's, in 0..1; null if one ended without a network. */
  readonly testAccuracyDifference: number | null
  readonly rankCorrelation: RankCorrelation
}

export interface StudyResult {
  readonly arms: readonly ArmResult[]
  /** The first of `comparisons`; null if there is none. */
  readonly comparison: Comparison | null
  /** For each other arm that evaluated the reference arm's architectures to the end. */
  readonly comparisons: readonly Comparison[]
  /** Null if not requested or not possible: it needs two arms over the same architectures, one with full training. */
  readonly resampling: Resampling | null
  /** Ended early by request. */
  readonly stopped: boolean
}
