import type { Architecture } from '../spaces/search-space.js'

/** The best trial so far by score. */
export interface LeadingTrial {
  readonly trial: number
  readonly architecture: Architecture
  readonly fidelity: number
  readonly score: number
}

/**
 * Who leads once a candidate has come: the highest score of the highest fidelity at which there is one; of equal ones the
 * lowest index, so that it does not depend on who finished first.
 */
export function leaderOf(leader: LeadingTrial | null, candidate: LeadingTrial): LeadingTrial {
  if (leader === null) return candidate
  const lead = candidate.fidelity - leader.fidelity || candidate.score - leader.score || leader.trial - candidate.trial
  return lead > 0 ? candidate : leader
}
