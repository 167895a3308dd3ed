import type { Rng } from '../../platform/rng.js'
import type { Architecture, DuplicateLevel, SearchSpace } from '../../spaces/search-space.js'
import { shuffledOrder } from '../architecture-order.js'
import type { Strategy } from '../strategy.js'
import { climbFrom } from './climb.js'
import { FinishedByForm } from './finished-by-form.js'
import { neighbourhoods } from './neighbourhoods.js'

export interface LocalSearchOptions {
  readonly name: 'local-search'
  /** When two architectures count as the same; only one of them is proposed. */
  readonly duplicates: DuplicateLevel
}

/**
 * Local search with restarts (White et al. 2020; with FEAR as in the second version of the FEAR paper): evaluates all
 * neighbours of the current architecture in random order, moves to the best if it is at least as good and was not
 * visited before, and otherwise restarts at a random new architecture. A start without a score is abandoned; a
 * neighbour without a score ranks last and is never moved to. Every evaluation is a trial of the budget, including
 * restarts.
 *
 * The current architecture is derived from the trials at each call, so results may come late and in any order. It does
 * not wait for missing results: it explores around a start before the start's own score is known, moves on to the best
 * neighbour so far, and starts the next climb if there is none.
 */
export function createLocalSearch(
  { duplicates }: LocalSearchOptions,
  space: SearchSpace,
  rng: Rng,
): Strategy<Architecture> {
  const starts = shuffledOrder(space, duplicates, rng.fork('order'))
  const around = neighbourhoods(space, duplicates)
  const finished = new FinishedByForm(({ architecture }) => space.canonical(architecture, duplicates))
  // A cache of the first climbs, which further trials cannot change.
  let settled = emptyGround()
  return {
    name: 'local-search',
    ask(history, stream) {
      if (!finished.follow(history.trials)) settled = emptyGround()
      let ground = settled
      for (let position = settled.position; ; position++) {
        const start = starts.at(position)
        if (start === null) return null
        if (ground.met.has(start.form)) continue
        const climb = climbFrom(start, { around, finished, history, visited: ground.visited })
        const { proposals } = climb
        if (proposals.length > 0) return proposals[stream.integer(proposals.length)] as Architecture
        if (!climb.isSettled && ground === settled) ground = copyOf(settled)
        for (const form of climb.met) ground.met.add(form)
        for (const form of climb.visited) ground.visited.add(form)
        if (ground === settled) settled.position = position + 1
      }
    },
  }
}

/** Canonical forms that finished climbs have seen. */
interface Ground {
  /** The next in the order of starts. */
  position: number
  /** Starts and neighbours of visited architectures; not used as a new start. */
  readonly met: Set<string>
  /** Architectures that climbs visited. */
  readonly visited: Set<string>
}

function emptyGround(): Ground {
  return { position: 0, met: new Set(), visited: new Set() }
}

function copyOf({ position, met, visited }: Ground): Ground {
  return { position, met: new Set(met), visited: new Set(visited) }
}
