import type { Outcome } from '../evaluators/outcome.js'
import type { Rng } from '../platform/rng.js'
import type { Architecture, DuplicateLevel, SearchSpace } from '../spaces/search-space.js'

/** An architecture that was evaluated, and what became of it. */
export interface FinishedTrial extends Place {
  /** Counts proposals from 0. */
  readonly index: number
  readonly architecture: Architecture
  readonly outcome: Outcome
}

/** Where a trial stands in a search over fidelities. All absent at the cheapest, and where there is but one. */
export interface Place {
  /** By which of the search's evaluators, the cheapest being 0, the dearest the last. */
  readonly fidelity?: number
  /** The trial of the fidelity below whose architecture this one evaluates again. */
  readonly promotes?: number
  /** The trial of the cheapest fidelity that this goes back to. It has its seeds: it is the same network from the start. */
  readonly origin?: number
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
  /** How many evaluators the search has: 1, or more in a search over fidelities. */
  readonly fidelities: number
  /** Trials that were promoted, and the trial that each became; running ones included. */
  readonly promotions: ReadonlyMap<number, number>
}

/** To evaluate an earlier trial's architecture again, by the next fidelity. */
export interface Promotion {
  /** Its index. It must be shown in the history with a score, below the last fidelity, and not be promoted before. */
  readonly promote: number
}

/** What a strategy may ask for: a new architecture, evaluated by the cheapest fidelity, or a promotion. */
export type Proposal = Architecture | Promotion

/**
 * Proposes what to evaluate. The driver asks from one thread only, and evaluates whatever it is given.
 *
 * A strategy is a pure function of what it was created from, the history and the Rng of the call: after a crash it is
 * created anew and shown the same history, so a field may hold a cache but never knowledge.
 */
export interface Strategy<Proposed extends Proposal = Proposal> {
  readonly name: string
  /**
   * False for a strategy that takes no notice of what became of its trials: it is shown none, and never waits for one.
   * True unless told.
   */
  readonly looksAtResults?: boolean
  /**
   * What trial `history.proposed` evaluates; null when there is nothing left. A strategy that looks at results is then
   * asked once more, when all trials have finished, and is shown them all.
   */
  ask(history: SearchHistory, rng: Rng): Proposed | null
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
