import { keptOf, poolFor } from '../search/prefilter.js'
import { type Complaint, type ConfigPath, dotted } from './issues.js'
import type { Config } from './schema/config.js'

/** Checks that the size of the prefilter's pool is known, and that it keeps enough architectures for the budget. */
export function checkPrefilters({ arms = [], budget, prefilter }: Config): readonly Complaint[] {
  return [
    ...checkPrefilter(['prefilter'], prefilter, budget),
    ...arms.flatMap((arm, i) => checkPrefilter(['arms', i, 'prefilter'], arm.prefilter, budget)),
  ]
}

function checkPrefilter(
  base: ConfigPath,
  prefilter: Config['prefilter'] | undefined,
  { trials }: Config['budget'],
): readonly Complaint[] {
  if (prefilter == null) return []
  const { keep, pool } = prefilter
  const path = [...base, 'pool']
  if (pool === undefined) {
    if (trials !== undefined) return []
    return [
      { path, sentence: `${dotted(path)} is required without budget.trials: the number of architectures to score.` },
    ]
  }
  const kept = keptOf(pool, keep)
  if (trials === undefined || kept >= trials) return []
  const sentence =
    `${dotted(path)} must be at least ${poolFor(trials, keep)}: ${dotted(base)} keeps ${kept} of ${pool} ` +
    `architectures, and budget.trials is ${trials}.`
  return [{ path, sentence }]
}
