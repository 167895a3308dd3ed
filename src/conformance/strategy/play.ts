import { createRng } from '../../platform/rng.js'
import type { Architecture, DuplicateLevel, SearchSpace } from '../../spaces/search-space.js'
import type { FinishedTrial, SearchHistory, Strategy } from '../../strategies/strategy.js'
import type { OutcomeOf } from './outcomes.js'

export interface PlayOptions {
  readonly space: SearchSpace
  readonly level: DuplicateLevel
  /** Of the streams of the calls, and of the order in which trials finish. */
  readonly seed: number
  /** At most so many proposals, those of `from` included; all of the space unless told. */
  readonly trials?: number
  /** Trials in flight: 1 unless told. With more, trials finish in random order. */
  readonly workers?: number
  readonly outcomeOf: OutcomeOf
  /** Proposals of the strategy before a crash, all finished. */
  readonly from?: readonly Architecture[]
  /** Told of each call. */
  readonly onAsk?: (moment: Moment, answer: Architecture | null) => void
}

/** Everything that a strategy is told in one call, to be told again. */
export interface Moment {
  readonly history: SearchHistory
  readonly streamName: readonly [number, 'ask', number]
}

/** A search without evaluations: asks until `trials` are proposed or the strategy ends it. Returns the proposals. */
export function play(strategy: Strategy, options: PlayOptions): readonly Architecture[] {
  const { from = [], level, onAsk, outcomeOf, seed, space, trials = Infinity, workers = 1 } = options
  const chance = createRng(seed, 'order of finishing')
  const proposed: Architecture[] = []
  /** The trial in which each canonical form was first proposed. */
  const firstTrial = new Map<string, number>()
  const propose = (architecture: Architecture): number => {
    const index = proposed.push(architecture) - 1
    const form = space.canonical(architecture, level)
    if (!firstTrial.has(form)) firstTrial.set(form, index)
    return index
  }
  for (const architecture of from) propose(architecture)
  const finished: FinishedTrial[] = from.map((architecture, index) => finish(index, architecture, outcomeOf))
  const running: number[] = []
  let ended = false
  for (;;) {
    while (!ended && running.length < workers && proposed.length < trials) {
      const count = proposed.length
      // A history of its own, so that it can be shown again when the search has gone on.
      const hasProposed = (form: string): boolean => (firstTrial.get(form) ?? count) < count
      const moment: Moment = {
        history: { proposed: count, trials: finished.slice(), hasProposed },
        streamName: [seed, 'ask', count],
      }
      const answer = ask(strategy, moment)
      onAsk?.(moment, answer)
      if (answer === null) ended = true
      else running.push(propose(answer))
    }
    if (running.length === 0) return proposed
    const [index = 0] = running.splice(chance.integer(running.length), 1)
    finished.push(finish(index, proposed[index] as Architecture, outcomeOf))
    finished.sort((a, b) => a.index - b.index)
  }
}

export function ask(strategy: Strategy, { history, streamName }: Moment): Architecture | null {
  return strategy.ask(history, createRng(...streamName))
}

function finish(index: number, architecture: Architecture, outcomeOf: OutcomeOf): FinishedTrial {
  return { index, architecture, outcome: outcomeOf(architecture) }
}
