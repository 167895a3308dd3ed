import type { EngineOptions } from '../engines/registry.js'
import type { Cost, OutcomeCounts } from '../evaluators/outcome.js'
import type { EvaluatorSettings } from '../evaluators/registry.js'
import type { SizeLimits } from '../networks/size.js'
import type { SeedPart } from '../platform/rng.js'
import type { Budget, BudgetUse } from '../search/budget.js'
import type { Judges } from '../search/fidelities.js'
import type { Finalist } from '../search/finalists.js'
import type { PrefilterOptions } from '../search/prefilter.js'
import type { SearchEnd } from '../search/search-event.js'
import type { PlacedSpace } from '../spaces/registry.js'
import type { Architecture } from '../spaces/search-space.js'
import type { StrategyOptions } from '../strategies/registry.js'
import type { TrainingRecipe } from '../training/recipe.js'
import type { ArmFronts } from './arm-fronts.js'
import type { Resampling, ResamplingOptions } from './resampling/resampling.js'

/** One way to search: what proposes architectures, what judges them, and how many are then trained in full. */
export interface ArmOptions extends Judges<EvaluatorSettings> {
  /** `fear`, `full` or any other name; the journal and the report use it. */
  readonly name: string
  readonly strategy: StrategyOptions
  /** What architectures may be, in the networks of this data set; absent or null: anything of the space. */
  readonly constraints?: SizeLimits | null | undefined
  /** What the search is narrowed down by beforehand, at its own charge; absent or null: nothing. */
  readonly prefilter?: PrefilterOptions | null | undefined
  /** How many of the best by score are trained in full afterwards. Not used where the evaluator trains in full. */
  readonly finalists: number
}

/** Everything that decides what a study computes, besides the data set. Plain data. */
export interface StudyOptions {
  /** Everything random follows from it. */
  readonly seed: SeedPart
  readonly engine: EngineOptions
  readonly space: PlacedSpace
  readonly recipe: TrainingRecipe
  /** How many images an epoch has. */
  readonly trainImages: number
  /** A trial that is busy longer ends as `timed-out`. */
  readonly timeoutSeconds: number
  /** See `WorkerSetup.clock`. */
  readonly clock?: 'wall' | 'cpu' | undefined
  /** Of each arm. */
  readonly budget: Budget
  /**
   * One arm is a search; several are compared, each getting exactly as many trials as the first one had. Their names
   * differ.
   */
  readonly arms: readonly ArmOptions[]
  /**
   * Many searches from the measured trial tables, for intervals; needs an arm that trains in full, all of whose networks
   * are then measured on the test images, at no arm's charge. Absent or null: none.
   */
  readonly resampling?: ResamplingOptions | null | undefined
}

/** The network an arm would hand to its user, chosen by validation accuracy after full training. */
export interface BestNetwork {
  /** Index of the trial it came from. */
  readonly trial: number
  readonly architecture: Architecture
  /** By the arm's evaluator; a FEAR score is no accuracy. */
  readonly score: number
  /** Of the fully trained network, in 0..1. */
  readonly validationAccuracy: number
  /** In 0..1. Null if the arm was stopped before it could be measured. */
  readonly testAccuracy: number | null
}

/** The threshold that a calibration found, the networks it trained for it, and what that cost. */
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

/** How a search was narrowed down beforehand, and what that cost. */
export interface PrefilterSummary {
  readonly measure: string
  /** Architectures that were drawn, of which so many have a score, and so many were kept. */
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
  /** How many of them got a score. */
  readonly scored: number
  readonly computeSeconds: number
}

/** What an arm found and what it cost. */
export interface ArmResult {
  readonly name: string
  readonly strategy: string
  /** Of a search over fidelities the names of all of them, as `zero-cost + full-training`. */
  readonly evaluator: string
  /** What a search over fidelities did at each, the cheapest first; absent from others. */
  readonly fidelities?: readonly FidelityResult[]
  readonly trials: number
  readonly outcomes: OutcomeCounts
  /** Null where nothing narrowed the search down. */
  readonly prefilter: PrefilterSummary | null
  /** How FEAR's threshold was found; null where it was given or there is none. */
  readonly calibration: CalibrationSummary | null
  /** Seconds workers were busy with prefilter and calibration, and with evaluations: rejected, failed and below-threshold ones too. */
  readonly evaluationSeconds: number
  /** Seconds workers were busy with the full training of finalists. */
  readonly finalistSeconds: number
  /** `evaluationSeconds + finalistSeconds`. */
  readonly computeSeconds: number
  /** Of evaluations and finalists; the test measurement is not counted. */
  readonly wallSeconds: number
  /** Of evaluations and finalists. */
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
}

/**
 * The yardstick's figure divided by the arm's: above 1 the arm is faster. NaN if one of them ended without a network, or
 * spent nothing.
 */
export interface Speedup {
  readonly computeSeconds: number
  readonly wallSeconds: number
  readonly trainingFlops: number
}

/** Of the arm's scores with the yardstick's accuracies, over the trials scored in both. NaN with fewer than two. */
export interface RankCorrelation {
  readonly spearman: number
  readonly kendall: number
  readonly trials: number
}

/** An arm (FEAR) against the yardstick (full training), over the same architectures and data. */
export interface Comparison {
  /** The names of the arm and of the yardstick. */
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
  /** Of each other arm that evaluated the yardstick's architectures to the end. */
  readonly comparisons: readonly Comparison[]
  /** Null if none was asked for or possible: it takes two arms over the same architectures, one of full training. */
  readonly resampling: Resampling | null
  /** Ended early by request. */
  readonly stopped: boolean
}
