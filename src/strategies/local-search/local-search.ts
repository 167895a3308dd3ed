import type { Rng } from '../../platform/rng.js'
import type { Architecture, DuplicateLevel, SearchSpace } from '../../spaces/search-space.js'
import { shuffledOrder } from '../architecture-order.js'
import type { Strategy } from '../strategy.js'
import { climbFrom } from './climb.js'
import { FinishedByForm } from './finished-by-form.js'
import { neighbourhoods } from './neighbourhoods.js'

export interface LocalSearchOptions {
  readonly name: 'local-search'
  /** When two architectures count as the same and are not both proposed. */
  readonly duplicates: DuplicateLevel
}

/**
 * Local search with restarts (White et al. 2020; with FEAR as in the second version of the FEAR paper): evaluates all
 * neighbours of where it stands, in random order, moves to the best of them if that is at least as good and was not
 * visited before, and otherwise starts again at a random architecture that it has not met. A start that gets no score
 * is given up at once; a neighbour without a score is worse than any other, and never stood on. Every evaluation is a
 * trial of the budget, restarts and neighbours alike.
 *
 * Where it stands is worked out anew from the trials at each call, so that results may come late and in any order.
 * While some are missing it does not wait: it evaluates around a start before the start's own score is known, moves on
 * to the best neighbour so far, and where there is none starts the next climb.
 */
export function createLocalSearch(
  { duplicates }: LocalSearchOptions,
  space: SearchSpace,
  rng: Rng,
): Strategy<Architecture> {
  const starts = shuffledOrder(space, duplicates, rng.fork('order'))
  const around = neighbourhoods(space, duplicates)
  const finished = new FinishedByForm(({ architecture }) => space.canonical(architecture, duplicates))
  // A cache: the climbs from the first on that further trials cannot change.
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

/** What climbs that are over have seen of the space, by canonical form. */
interface Ground {
  /** The next in the order of starts. */
  position: number
  /** Starts, and neighbours of where a climb stood: no start for another. */
  readonly met: Set<string>
  /** Where a climb stood. */
  readonly visited: Set<string>
}

function emptyGround(): Ground {
  return { position: 0, met: new Set(), visited: new Set() }
}

function copyOf({ position, met, visited }: Ground): Ground {
  return { position, met: new Set(met), visited: new Set(visited) }
}
