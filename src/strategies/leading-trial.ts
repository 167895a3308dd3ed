import type { Architecture } from '../spaces/search-space.js'

/** The best trial so far by score. */
export interface LeadingTrial {
  readonly trial: number
  readonly architecture: Architecture
  readonly fidelity: number
  readonly score: number
}

/**
 * The best trial after a candidate has finished: the highest score at the highest fidelity with a score. For equal
 * scores the lowest index, so that it does not depend on the order of finishing.
 */
export function leaderOf(leader: LeadingTrial | null, candidate: LeadingTrial): LeadingTrial {
  if (leader === null) return candidate
  const lead = candidate.fidelity - leader.fidelity || candidate.score - leader.score || leader.trial - candidate.trial
  return lead > 0 ? candidate : leader
}
