import { createRng } from '../../platform/rng.js'
import type { RunningTrial } from '../../search/trial.js'
import { TrialTable } from '../../search/trial-table.js'
import type { DuplicateLevel, SearchSpace } from '../../spaces/search-space.js'
import { fidelityOf } from '../../strategies/lineage.js'
import type { Proposal, SearchHistory, Strategy } from '../../strategies/strategy.js'
import type { OutcomeOf } from './outcomes.js'

export interface PlayOptions {
  readonly space: SearchSpace
  readonly level: DuplicateLevel
  /** Seed of the streams of the calls and of the order in which trials finish. */
  readonly seed: number
  /** Number of evaluators; default 1. */
  readonly fidelities?: number
  /** Maximum number of proposals, including those of `from`; default: unlimited. */
  readonly trials?: number
  /** Number of running trials; default 1. With more, trials finish in random order. */
  readonly workers?: number
  readonly outcomeOf: OutcomeOf
  /** Trials that were proposed before a crash, all finished. */
  readonly from?: readonly RunningTrial[]
  /** Called with each call. */
  readonly onAsk?: (moment: Moment, answer: Proposal | null) => void
}

/** The arguments of one call, to be repeated. */
export interface Moment {
  readonly history: SearchHistory
  readonly streamName: readonly [number, 'ask', number]
}

/**
 * A search without evaluations, in which every result is known immediately: asks until `trials` are proposed or there
 * is nothing left. Returns the trials.
 *
 * @throws FearNasError for an invalid promotion.
 */
export function play(strategy: Strategy, options: PlayOptions): readonly RunningTrial[] {
  const { fidelities = 1, from = [], level, onAsk, outcomeOf, seed, space, trials = Infinity, workers = 1 } = options
  const chance = createRng(seed, 'order of finishing')
  const canonical = (architecture: string): string => space.canonical(architecture, level)
  const table = new TrialTable(canonical, fidelities)
  const proposed: RunningTrial[] = []
  /** The trial in which each canonical form was first proposed. */
  const firstTrial = new Map<string, number>()
  const propose = (proposal: Proposal): RunningTrial => {
    const trial = table.propose(proposal)
    proposed.push(trial)
    const form = canonical(trial.architecture)
    if (!firstTrial.has(form)) firstTrial.set(form, trial.index)
    return trial
  }
  const finish = (trial: RunningTrial): void => {
    table.finish({ ...trial, outcome: outcomeOf(trial.architecture, fidelityOf(trial)) })
  }
  for (const { architecture, promotes } of from) {
    finish(propose(promotes === undefined ? architecture : { promote: promotes }))
  }
  const running: RunningTrial[] = []
  let hasNothing = false
  for (;;) {
    while (!hasNothing && running.length < workers && proposed.length < trials) {
      const moment: Moment = { history: frozen(table, firstTrial), streamName: [seed, 'ask', proposed.length] }
      const answer = ask(strategy, moment)
      onAsk?.(moment, answer)
      if (answer === null) hasNothing = true
      else running.push(propose(answer))
    }
    if (running.length === 0) return proposed
    finish(running.splice(chance.integer(running.length), 1)[0] as RunningTrial)
    // A strategy that proposed nothing is asked again when all results are known.
    if (running.length === 0) hasNothing = false
  }
}

/** A snapshot of the history, to be shown again later. */
function frozen(table: TrialTable, firstTrial: ReadonlyMap<string, number>): SearchHistory {
  const { fidelities, promotions, proposed, trials } = table.history(Infinity)
  return {
    proposed,
    trials: trials.slice(),
    hasProposed: (form) => (firstTrial.get(form) ?? proposed) < proposed,
    fidelities,
    promotions: new Map(promotions),
  }
}

export function ask(strategy: Strategy, { history, streamName }: Moment): Proposal | null {
  return strategy.ask(history, createRng(...streamName))
}
