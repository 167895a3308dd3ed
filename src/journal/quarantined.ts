import type { Outcome } from '../evaluators/outcome.js'
import type { Architecture } from '../spaces/search-space.js'
import type { ReplayedRun } from './replay.js'

/** The architectures that a run has quarantined after two attempts, in trials or full trainings, with the reason. */
export function quarantinedIn({ arms }: ReplayedRun): ReadonlyMap<Architecture, string> {
  const quarantined = new Map<Architecture, string>()
  const add = (architecture: Architecture | undefined, outcome: Outcome): void => {
    const isGivenUp = outcome.kind === 'failed' && outcome.attempts === 2
    if (isGivenUp && architecture !== undefined) quarantined.set(architecture, outcome.message)
  }
  for (const { proposals, trials, finalists } of arms.values()) {
    for (const { architecture, outcome } of trials.values()) add(architecture, outcome)
    for (const [index, outcome] of finalists) add(proposals.get(index), outcome)
  }
  return quarantined
}
