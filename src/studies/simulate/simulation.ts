import type { DuplicateLevel } from '../../spaces/search-space.js'
import type { RankAgreement } from '../../statistics/rank-agreement.js'

/** By which column of the table a search judges architectures, and what that would take. */
export interface Selection {
  readonly column: string
  /**
   * Simulated seconds an architecture keeps a worker busy: the same for all, or the column that has them. Null where
   * that is not known: then there are no results in seconds.
   */
  readonly seconds: number | string | null
}

/** Many searches on a table of accuracies, for every strategy and selection. */
export interface SimulationOptions {
  readonly seed: string | number
  readonly searches: number
  /** Evaluations of each search, at most. */
  readonly trials: number
  /** Simulated seconds of work, summed over workers, after which a search begins no more; null: `trials` alone ends it. */
  readonly seconds?: number | null | undefined
  /** Simulated workers of each search. */
  readonly workers: number
  readonly duplicates: DuplicateLevel
  /** Names, or modules of the user's (paths); each with its default settings. */
  readonly strategies: readonly string[]
  readonly selections: readonly Selection[]
  /** What strategies for searches over fidelities search by instead: at least two columns, the cheapest first. */
  readonly fidelities?: readonly Selection[] | undefined
  /** The column of accuracies in which the found architectures are reported. */
  readonly report: string
}

/** A statistic over the searches. */
export interface OverSearches {
  readonly mean: number
  /** Bounds of the mean's 95 % interval, the table taken as given. Null with fewer than three searches. */
  readonly low: number | null
  readonly high: number | null
  /** Between searches (sample standard deviation). Null with one search. */
  readonly deviation: number | null
}

/** The regret, in 0..1, of the searches at one point of their course. */
export interface CurvePoint {
  /** Trials finished, or simulated seconds. */
  readonly at: number
  readonly regret: OverSearches
}

/**
 * Regret is the report accuracy of the table's best architecture less that of the architecture a search would hand
 * over: the one with the best selection score so far.
 */
export interface RegretCurves {
  readonly strategy: string
  /** The column; of a search over fidelities all of them, as `short + test`. */
  readonly select: string
  readonly byTrials: readonly CurvePoint[]
  /** From when every search has an architecture to hand over, to the end of the longest search. Null if not known. */
  readonly bySeconds: readonly CurvePoint[] | null
}

/** What the searches with one strategy and one selection found. */
export interface SimulatedArm {
  readonly strategy: string
  readonly select: string
  /** Report accuracy, in 0..1, of the architecture that a search hands over. */
  readonly accuracy: OverSearches
  readonly regret: OverSearches
  /** Share of the searches, in 0..1, that hand over an architecture with the best report accuracy of the table. */
  readonly foundBest: number
  /** Simulated wall-clock seconds of a search. Null if not known. */
  readonly seconds: OverSearches | null
  /**
   * Accuracy less that of the same searches (strategy and seed) selecting by the report column itself: what selecting
   * by this column costs. Null for the report column, and where no search selects by it.
   */
  readonly againstReport: OverSearches | null
}

/** How well a selection column ranks architectures by report accuracy, over the best of the table and over all. */
export interface ColumnAgreement {
  readonly select: string
  readonly agreement: readonly RankAgreement[]
}

export interface SimulationResult {
  /** Of the architectures in the table. */
  readonly architectures: number
  /** Highest report accuracy of the table, in 0..1. */
  readonly best: { readonly architecture: string; readonly accuracy: number }
  readonly arms: readonly SimulatedArm[]
  readonly curves: readonly RegretCurves[]
  readonly ranking: readonly ColumnAgreement[]
}
