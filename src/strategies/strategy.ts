import type { Outcome } from '../evaluators/outcome.js'
import type { Rng } from '../platform/rng.js'
import type { Architecture, DuplicateLevel, SearchSpace } from '../spaces/search-space.js'

/** A finished trial: an architecture and the outcome of its evaluation. */
export interface FinishedTrial extends Lineage {
  /** The trial's number in its search: proposals counted from 0. */
  readonly index: number
  readonly architecture: Architecture
  readonly outcome: Outcome
}

/** The fidelity of a trial and its promotions. All absent at the cheapest fidelity and in searches with only one. */
export interface Lineage {
  /** Index of the evaluator; 0 is the cheapest, the last is the most expensive. */
  readonly fidelity?: number
  /** The trial of the fidelity below that was promoted to this one. */
  readonly promotes?: number
  /**
   * The trial of the cheapest fidelity from which this one was promoted. It has the same seeds, so the same initial
   * weights.
   */
  readonly origin?: number
}

/** What a strategy sees of the search so far. */
export interface SearchHistory {
  /** Trials proposed so far, running ones included: the index of the next trial. */
  readonly proposed: number
  /**
   * Finished trials in order of index: those at least eight positions before the next trial, so that they are the
   * same for any number of workers. With FEAR and `cost: seconds`, all that have finished. Running trials are not
   * included.
   */
  readonly trials: readonly FinishedTrial[]
  /** Whether an architecture with this canonical form was proposed before, at the search's duplicate level. */
  hasProposed(canonical: string): boolean
  /** How many evaluators the search has: 1, or more in a search over fidelities. */
  readonly fidelities: number
  /** Trials that were promoted, and the trial that each became; running ones included. */
  readonly promotions: ReadonlyMap<number, number>
}

/** A request to evaluate an earlier trial's architecture again, with the next fidelity. */
export interface Promotion {
  /** Its index. It must be in the history with a score, below the last fidelity, and not promoted before. */
  readonly promote: number
}

/** What a strategy may ask for: a new architecture, evaluated by the cheapest fidelity, or a promotion. */
export type Proposal = Architecture | Promotion

/**
 * Proposes the architecture of the next trial. The driver calls it from one thread only.
 *
 * A strategy must be a pure function of what it was created with, the history and the Rng of the call. After a crash it
 * is created again and given the same history, so a field may hold a cache but no state.
 */
export interface Strategy<Proposed extends Proposal = Proposal> {
  readonly name: string
  /** False for a strategy that does not use results: it is given none and never waits for one. Default true. */
  readonly looksAtResults?: boolean
  /**
   * The architecture of trial `history.proposed`; null if there is nothing left. A strategy that uses results is then
   * asked once more when all trials have finished, with all results.
   */
  ask(history: SearchHistory, rng: Rng): Proposed | null
}

/** The settings passed to a factory: the duplicate level and the strategy's own settings. */
export interface FactoryOptions {
  readonly duplicates: DuplicateLevel
}

/** Makes a strategy for a space. `rng` belongs to the run: equal streams must make equal strategies. */
export type StrategyFactory<Options = unknown> = (
  options: FactoryOptions & Options,
  space: SearchSpace,
  rng: Rng,
) => Strategy
