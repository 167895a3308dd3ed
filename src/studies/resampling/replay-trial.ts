import { type Cost, costIn } from '../../evaluators/outcome.js'
import type { MeasuredTrial, RejectionRule } from './measured-arm.js'

/** What an evaluation would have cost and given, had it stood elsewhere in its search. */
export interface ReplayedTrial {
  readonly cost: Cost
  readonly score: number | null
  readonly rejected: boolean
  /** Whether it goes on beyond what was measured. */
  readonly extrapolated: boolean
}

/**
 * Replays an evaluation with another reference for rejection: `cheapest` is the cheapest stage 1 before it, in the
 * rule's unit, Infinity for none.
 *
 * A stage 1 costs the same each epoch (in FLOPs and steps exactly so; in seconds on average), and what was measured
 * says at which epochs it had not reached the threshold. So a network that reached it, or had all its epochs, is
 * replayed as it would have gone. Only one that the real search rejected may have to go on beyond its last measured
 * epoch, where the limit is higher now. Nobody knows when it would have reached the threshold; it is taken to remain a
 * slow learner, charged up to the epoch at which the limit or the last epoch ends it, without a score. Such trials are
 * marked, and counted in every result.
 */
export function replayTrial(trial: MeasuredTrial, rule: RejectionRule | null, cheapest: number): ReplayedTrial {
  const { cost, score, stage1 } = trial
  if (rule === null || stage1 === null) return { cost, score, rejected: false, extrapolated: false }
  const { checks, end } = stage1
  // Who reaches the threshold at its last check is kept, whatever that check cost.
  const mayEndAt = end === 'reached' ? checks - 1 : end === 'rejected' ? rule.maxChecks : checks
  const limit = rule.ratio * cheapest
  const whole = costIn(rule.unit, stage1.cost)
  for (let check = 1; check <= mayEndAt; check++) {
    if ((check === checks ? whole : (whole / checks) * check) < limit) continue
    return { cost: times(stage1.cost, check / checks), score: null, rejected: true, extrapolated: check > checks }
  }
  if (end !== 'rejected') return { cost, score, rejected: false, extrapolated: false }
  const toTheCap = times(stage1.cost, rule.maxChecks / checks)
  return { cost: toTheCap, score: null, rejected: false, extrapolated: rule.maxChecks > checks }
}

function times({ computeSeconds, trainingFlops, steps, epochs }: Cost, factor: number): Cost {
  return {
    computeSeconds: factor * computeSeconds,
    trainingFlops: factor * trainingFlops,
    steps: factor * steps,
    epochs: factor * epochs,
  }
}
