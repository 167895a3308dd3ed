import { scoredOutcome, unscoredOutcome } from '../../src/conformance/strategy/outcomes.js'
import { natsTss } from '../../src/spaces/nats-tss/index.js'
import type { Architecture, DuplicateLevel } from '../../src/spaces/search-space.js'
import type { SearchHistory } from '../../src/strategies/strategy.js'

/** A trial of a history that a test writes down: its score, null where FEAR rejected it, or `running`. */
export type Written = readonly [Architecture, number | null | 'running']

export function historyOf(written: readonly Written[], level: DuplicateLevel = 'string'): SearchHistory {
  const forms = new Set(written.map(([architecture]) => natsTss.canonical(architecture, level)))
  return {
    proposed: written.length,
    trials: written.flatMap(([architecture, score], index) => {
      if (score === 'running') return []
      return [{ index, architecture, outcome: score === null ? unscoredOutcome('rejected') : scoredOutcome(score) }]
    }),
    hasProposed: (form) => forms.has(form),
    fidelities: 1,
    promotions: new Map(),
  }
}

/** A history that says nothing but how many trials were proposed. */
export function silentHistory(proposed: number): SearchHistory {
  return { proposed, trials: [], hasProposed: () => false, fidelities: 1, promotions: new Map() }
}
