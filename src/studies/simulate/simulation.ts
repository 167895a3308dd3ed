import type { DuplicateLevel } from '../../spaces/search-space.js'
import type { RankAgreement } from '../../statistics/rank-agreement.js'

/** The column of the table that a search selects by, with its seconds per evaluation. */
export interface Selection {
  readonly column: string
  /**
   * Simulated seconds per evaluation: a number for all, or the name of a column. Null if unknown; then there are no
   * results in seconds.
   */
  readonly seconds: number | string | null
}

/** Options of a simulation: many searches on a table of accuracies, for every strategy and selection. */
export interface SimulationOptions {
  readonly seed: string | number
  readonly searches: number
  /** Maximum number of evaluations per search. */
  readonly trials: number
  /** Simulated compute seconds, summed over workers, after which a search starts no new evaluation; null: no limit. */
  readonly seconds?: number | null | undefined
  /** Simulated workers per search. */
  readonly workers: number
  readonly duplicates: DuplicateLevel
  /** Names or paths of strategy modules, with default settings. */
  readonly strategies: readonly string[]
  readonly selections: readonly Selection[]
  /** The columns for strategies over fidelities: at least two, the cheapest first. */
  readonly fidelities?: readonly Selection[] | undefined
  /** The column of accuracies to report. */
  readonly report: string
}

/** A statistic over the searches. */
export interface OverSearches {
  readonly mean: number
  /** Bounds of the mean's 95 % interval, with the table taken as given. Null for fewer than three searches. */
  readonly low: number | null
  readonly high: number | null
  /** Between searches (sample standard deviation). Null with one search. */
  readonly deviation: number | null
}

/** The regret of the searches at one point, in 0..1. */
export interface CurvePoint {
  /** Trials finished, or simulated seconds. */
  readonly at: number
  readonly regret: OverSearches
}

/**
 * Regret is the best report accuracy of the table minus that of the search's result: the architecture with the best
 * selection score so far.
 */
export interface RegretCurves {
  readonly strategy: string
  /** The column; for a search over fidelities all columns, as `short + test`. */
  readonly select: string
  readonly byTrials: readonly CurvePoint[]
  /** From the time when every search has a result to the end of the longest search. Null if unknown. */
  readonly bySeconds: readonly CurvePoint[] | null
}

/** The results of the searches with one strategy and one selection. */
export interface SimulatedArm {
  readonly strategy: string
  readonly select: string
  /** Report accuracy of a search's result, in 0..1. */
  readonly accuracy: OverSearches
  readonly regret: OverSearches
  /** Share of the searches, in 0..1, whose result has the best report accuracy of the table. */
  readonly foundBest: number
  /** Simulated wall-clock seconds per search. Null if unknown. */
  readonly seconds: OverSearches | null
  /**
   * Accuracy minus that of the same searches (strategy and seed) selecting by the report column: the cost of selecting
   * by this column. Null for the report column, and if no search selects by it.
   */
  readonly againstReport: OverSearches | null
}

/** Rank agreement of a selection column with report accuracy, over the best of the table and over all. */
export interface ColumnAgreement {
  readonly select: string
  readonly agreement: readonly RankAgreement[]
}

export interface SimulationResult {
  /** Number of architectures in the table. */
  readonly architectures: number
  /** Highest report accuracy of the table, in 0..1. */
  readonly best: { readonly architecture: string; readonly accuracy: number }
  readonly arms: readonly SimulatedArm[]
  readonly curves: readonly RegretCurves[]
  readonly ranking: readonly ColumnAgreement[]
}
