import type { ReplayedArm } from '../journal/replay.js'
import { createRng, type SeedPart } from '../platform/rng.js'
import type { Proposal, Strategy } from '../strategies/strategy.js'
import type { Knowledge } from './knowledge.js'
import { lazyRng } from './lazy-rng.js'
import type { TrialTable } from './trial-table.js'

export interface ProposerOptions {
  readonly seed: SeedPart
  readonly strategy: Strategy
  /** Its proposals are made again. */
  readonly earlier?: ReplayedArm | undefined
}

/** Asks the strategy for the next trial once all results it depends on are known. */
export class Proposer {
  readonly #options: ProposerOptions
  readonly #table: TrialTable
  readonly #knowledge: Knowledge
  /** The trial for which the strategy proposed nothing without all earlier results. */
  #waiting: number | null = null
  #isDone = false

  constructor(options: ProposerOptions, table: TrialTable, knowledge: Knowledge) {
    this.#options = options
    this.#table = table
    this.#knowledge = knowledge
  }

  /** Whether all trials that the next proposal depends on have finished. */
  get isReady(): boolean {
    const index = this.#table.proposed
    return this.#table.finishedPrefix >= (this.#waiting === index ? index : this.#knowledge.required(index))
  }

  /** Whether the strategy has nothing left, whatever the results of running trials. */
  get isDone(): boolean {
    return this.#isDone
  }

  /**
   * The architecture of the next trial; null if the strategy is done, or proposes nothing until all results are known.
   */
  next(): Proposal | null {
    const index = this.#table.proposed
    const recorded = this.#recorded(index)
    if (recorded !== undefined) return recorded
    const { seed, strategy } = this.#options
    const isAskedAgain = this.#waiting === index
    const shown = isAskedAgain ? index : this.#knowledge.shown(index)
    const rng = lazyRng(() => createRng(seed, 'strategy', index))
    const proposal = strategy.ask(this.#table.history(shown), rng)
    if (proposal === null) {
      this.#isDone = isAskedAgain || !this.#knowledge.looks
      this.#waiting = index
    }
    return proposal
  }

  #recorded(index: number): Proposal | undefined {
    const { earlier } = this.#options
    const promoted = earlier?.promotions.get(index)
    return promoted === undefined ? earlier?.proposals.get(index) : { promote: promoted }
  }
}
