import { keptOf, poolFor } from '../search/prefilter.js'
import { type Complaint, type ConfigPath, dotted } from './issues.js'
import type { Config } from './schema/config.js'

/** Whether it is known how many architectures a prefilter scores, and whether those it keeps are enough for the budget. */
export function checkPrefilters({ arms = [], budget, prefilter }: Config): readonly Complaint[] {
  return [
    ...checkPrefilter(['prefilter'], prefilter, budget),
    ...arms.flatMap((arm, i) => checkPrefilter(['arms', i, 'prefilter'], arm.prefilter, budget)),
  ]
}

function checkPrefilter(
  place: ConfigPath,
  prefilter: Config['prefilter'] | undefined,
  { trials }: Config['budget'],
): readonly Complaint[] {
  if (prefilter == null) return []
  const { keep, pool } = prefilter
  const path = [...place, 'pool']
  if (pool === undefined) {
    if (trials !== undefined) return []
    return [{ path, sentence: `${dotted(path)} is required where there is no budget.trials: how many to score.` }]
  }
  const kept = keptOf(pool, keep)
  if (trials === undefined || kept >= trials) return []
  const sentence =
    `${dotted(path)} must be at least ${poolFor(trials, keep)}: ${dotted(place)} keeps ${kept} of ${pool} ` +
    `architectures, and budget.trials is ${trials}.`
  return [{ path, sentence }]
}
