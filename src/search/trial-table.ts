import { FearNasError } from '../platform/errors.js'
import type { Architecture } from '../spaces/search-space.js'
import { type LeadingTrial, leaderOf } from '../strategies/leading-trial.js'
import { fidelityOf } from '../strategies/lineage.js'
import type { FinishedTrial, Promotion, Proposal, SearchHistory } from '../strategies/strategy.js'
import { type RunningTrial, seedIndex } from './trial.js'

/**
 * Every trial of an arm: proposed in order of index, running, finished in any order. Each step takes constant time,
 * apart from moving trials that finished before a slow one.
 */
export class TrialTable {
  readonly #canonical: (architecture: Architecture) => string
  readonly #fidelities: number
  readonly #proposed: RunningTrial[] = []
  readonly #promotions = new Map<number, number>()
  readonly #finished: FinishedTrial[] = []
  readonly #visible: FinishedTrial[] = []
  readonly #seen = new Set<string>()
  #canonicalised = 0
  #prefix = 0
  #leader: LeadingTrial | null = null

  /** `canonical` returns equal strings for architectures that count as the same. */
  constructor(canonical: (architecture: Architecture) => string, fidelities = 1) {
    this.#canonical = canonical
    this.#fidelities = fidelities
  }

  /** How many fidelities the search has. */
  get fidelities(): number {
    return this.#fidelities
  }

  /** Trials proposed so far: the index of the next one. */
  get proposed(): number {
    return this.#proposed.length
  }

  /** Finished trials in order of index. Live: it grows. */
  get finished(): readonly FinishedTrial[] {
    return this.#finished
  }

  /** How many trials from index 0 on are finished without a gap. */
  get finishedPrefix(): number {
    return this.#prefix
  }

  /** See `leaderOf`. */
  get leader(): LeadingTrial | null {
    return this.#leader
  }

  /** @throws FearNasError if it is an invalid promotion. */
  propose(proposal: Proposal): RunningTrial {
    const index = this.proposed
    const trial = typeof proposal === 'string' ? { index, architecture: proposal } : this.#promote(proposal)
    this.#proposed.push(trial)
    return trial
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
      fidelities: this.#fidelities,
      promotions: this.#promotions,
    }
  }

  #promote({ promote }: Promotion): RunningTrial {
    const promoted = this.#finished.find(({ index }) => index === promote)
    const refusal =
      promoted === undefined
        ? 'is not finished'
        : promoted.outcome.kind !== 'scored'
          ? 'has no score'
          : this.#promotions.has(promote)
            ? `was promoted before, as trial ${this.#promotions.get(promote)}`
            : fidelityOf(promoted) >= this.#fidelities - 1
              ? 'was evaluated by the last fidelity'
              : null
    if (promoted === undefined || refusal !== null) {
      throw new FearNasError(`The strategy promoted trial ${promote}, which ${refusal}. See docs/extending.md.`)
    }
    const index = this.proposed
    this.#promotions.set(promote, index)
    const { architecture } = promoted
    return {
      index,
      architecture,
      fidelity: fidelityOf(promoted) + 1,
      promotes: promote,
      origin: seedIndex(promoted),
    }
  }

  /** The first `count` trials, which must be finished. Cheapest if `count` grows from call to call. */
  #firstTrials(count: number): readonly FinishedTrial[] {
    if (this.#visible.length > count) this.#visible.length = count
    while (this.#visible.length < count) this.#visible.push(this.#finished[this.#visible.length] as FinishedTrial)
    return this.#visible
  }

  /** Canonical forms are expensive, and many strategies never need them. */
  #hasProposed(canonical: string): boolean {
    while (this.#canonicalised < this.proposed) {
      this.#seen.add(this.#canonical((this.#proposed[this.#canonicalised++] as RunningTrial).architecture))
    }
    return this.#seen.has(canonical)
  }

  #follow(trial: FinishedTrial): void {
    const { index, architecture, outcome } = trial
    if (outcome.kind !== 'scored') return
    const { score } = outcome
    this.#leader = leaderOf(this.#leader, { trial: index, architecture, fidelity: fidelityOf(trial), score })
  }
}
