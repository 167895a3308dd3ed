import type { Architecture } from '../../spaces/search-space.js'
import type { Candidate } from '../architecture-order.js'
import { scoreOf } from '../score-of.js'
import type { FinishedTrial, SearchHistory } from '../strategy.js'
import type { FinishedByForm } from './finished-by-form.js'

/** The data that a climb works on. */
export interface Surroundings {
  readonly around: (candidate: Candidate) => readonly Candidate[]
  readonly finished: FinishedByForm
  readonly history: SearchHistory
  /** Architectures that earlier climbs visited, by canonical form. */
  readonly visited: ReadonlySet<string>
}

export interface Climb {
  /** Candidates to evaluate next, in no order; empty when the climb is over or waits for running trials. */
  readonly proposals: readonly Architecture[]
  /** Canonical forms of all visited architectures and their neighbours. */
  readonly met: ReadonlySet<string>
  readonly visited: ReadonlySet<string>
  /** Whether it is over and no further trial can change that: every result it depends on is known. */
  readonly isSettled: boolean
}

/** Climbs from `start` as far as the finished trials lead. */
export function climbFrom(start: Candidate, { around, finished, history, visited: before }: Surroundings): Climb {
  const { hasProposed } = history
  const met = new Set([start.form])
  const visited = new Set<string>()
  let isSettled = true
  const stop = (proposals: readonly Candidate[] = []): Climb => ({
    proposals: proposals.map(({ architecture }) => architecture),
    met,
    visited,
    isSettled,
  })
  if (!hasProposed(start.form)) return stop([start])
  for (let here = start; ; ) {
    visited.add(here.form)
    const trial = finished.get(here.form)
    if (trial !== undefined && trial.outcome.kind !== 'scored') return stop()
    const neighbours = around(here)
    for (const { form } of neighbours) met.add(form)
    const fresh = neighbours.filter(({ form }) => !hasProposed(form))
    if (fresh.length > 0) return stop(fresh)
    if (trial === undefined || neighbours.some(({ form }) => finished.get(form) === undefined)) isSettled = false
    if (trial === undefined) return stop()
    const open = neighbours.filter(({ form }) => !visited.has(form) && !before.has(form))
    const next = bestOf(open, finished)
    if (next === null || scoreOf(next.trial) < scoreOf(trial)) return stop()
    here = next.candidate
  }
}

interface Scored {
  readonly candidate: Candidate
  readonly trial: FinishedTrial
}

/** The highest score; for equal scores the earliest trial; null if none has a score. */
function bestOf(candidates: readonly Candidate[], finished: FinishedByForm): Scored | null {
  let best: Scored | null = null
  for (const candidate of candidates) {
    const trial = finished.get(candidate.form)
    if (trial?.outcome.kind !== 'scored') continue
    const lead = best === null ? 1 : scoreOf(trial) - scoreOf(best.trial) || best.trial.index - trial.index
    if (lead > 0) best = { candidate, trial }
  }
  return best
}
