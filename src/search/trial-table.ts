import type { Architecture } from '../spaces/search-space.js'
import type { FinishedTrial, SearchHistory } from '../strategies/strategy.js'
import type { RunningTrial } from './trial.js'

/** The best trial so far by score. */
export interface LeadingTrial {
  readonly trial: number
  readonly architecture: Architecture
  readonly score: number
}

/**
 * Every trial of an arm: proposed in order of index, running, finished in any order. Constant time for each step,
 * apart from moving the trials that overtook a slow one.
 */
export class TrialTable {
  readonly #canonical: (architecture: Architecture) => string
  readonly #architectures: Architecture[] = []
  readonly #finished: FinishedTrial[] = []
  readonly #visible: FinishedTrial[] = []
  readonly #seen = new Set<string>()
  #canonicalised = 0
  #prefix = 0
  #leader: LeadingTrial | null = null

  /** `canonical` gives equal texts for architectures that count as the same. */
  constructor(canonical: (architecture: Architecture) => string) {
    this.#canonical = canonical
  }

  /** Trials proposed so far: the index of the next one. */
  get proposed(): number {
    return this.#architectures.length
  }

  /** Finished trials in order of index. Live: it grows. */
  get finished(): readonly FinishedTrial[] {
    return this.#finished
  }

  /** How many trials from index 0 on are finished without a gap. */
  get finishedPrefix(): number {
    return this.#prefix
  }

  /** The highest score; of equal ones the lowest index, so that it does not depend on who finished first. */
  get leader(): LeadingTrial | null {
    return this.#leader
  }

  propose(architecture: Architecture): RunningTrial {
    return { index: this.#architectures.push(architecture) - 1, architecture }
  }

  finish(trial: FinishedTrial): void {
    let position = this.#finished.length
    while (position > 0 && (this.#finished[position - 1] as FinishedTrial).index > trial.index) position--
    if (position === this.#finished.length) this.#finished.push(trial)
    else this.#finished.splice(position, 0, trial)
    while (this.#finished[this.#prefix]?.index === this.#prefix) this.#prefix++
    this.#follow(trial)
  }

  /** What a strategy may see when it proposes the next trial: finished trials with an index below `limit`. */
  history(limit: number): SearchHistory {
    return {
      proposed: this.proposed,
      trials: limit === Infinity ? this.#finished : this.#firstTrials(limit),
      hasProposed: (canonical) => this.#hasProposed(canonical),
    }
  }

  /** The first `count` trials, which must be finished. `count` must never fall from call to call. */
  #firstTrials(count: number): readonly FinishedTrial[] {
    while (this.#visible.length < count) this.#visible.push(this.#finished[this.#visible.length] as FinishedTrial)
    return this.#visible
  }

  /** Canonical forms are costly, and many strategies never ask. */
  #hasProposed(canonical: string): boolean {
    while (this.#canonicalised < this.proposed) {
      this.#seen.add(this.#canonical(this.#architectures[this.#canonicalised++] as Architecture))
    }
    return this.#seen.has(canonical)
  }

  #follow({ index, architecture, outcome }: FinishedTrial): void {
    if (outcome.kind !== 'scored') return
    const leader = this.#leader
    const { score } = outcome
    if (leader === null || score > leader.score || (score === leader.score && index < leader.trial)) {
      this.#leader = { trial: index, architecture, score }
    }
  }
}
