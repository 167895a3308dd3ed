import type { Outcome } from '../evaluators/outcome.js'
import type { Rng } from '../platform/rng.js'
import type { Architecture, DuplicateLevel, SearchSpace } from '../spaces/search-space.js'

/** An architecture that was evaluated, and what became of it. */
export interface FinishedTrial {
  /** Counts proposals from 0. */
  readonly index: number
  readonly architecture: Architecture
  readonly outcome: Outcome
}

/** What a strategy may know of the search so far. */
export interface SearchHistory {
  /** Trials proposed so far, running ones included: the index of the next trial. */
  readonly proposed: number
  /**
   * Finished trials in order of index: those at least eight places before the next trial, so that they are the same
   * whatever the number of workers. With FEAR by seconds, all that have come. Those still running are missing.
   */
  readonly trials: readonly FinishedTrial[]
  /** Whether an architecture with this canonical form was proposed before, at the search's duplicate level. */
  hasProposed(canonical: string): boolean
}

/**
 * Proposes architectures. The driver asks from one thread only, and evaluates whatever it is given.
 *
 * A strategy is a pure function of what it was created from, the history and the Rng of the call: after a crash it is
 * created anew and shown the same history, so a field may hold a cache but never knowledge.
 */
export interface Strategy {
  readonly name: string
  /**
   * False for a strategy that takes no notice of what became of its trials: it is shown none, and never waits for one.
   * True unless told.
   */
  readonly looksAtResults?: boolean
  /** The architecture of trial `history.proposed`, or null when the space is used up. */
  ask(history: SearchHistory, rng: Rng): Architecture | null
}

/** The settings that a factory is given: when two architectures count as the same, and those of its own. */
export interface FactoryOptions {
  readonly duplicates: DuplicateLevel
}

/** Makes a strategy for a space. `rng` stands for the run: equal streams must make equal strategies. */
export type StrategyFactory<Options = unknown> = (
  options: FactoryOptions & Options,
  space: SearchSpace,
  rng: Rng,
) => Strategy
