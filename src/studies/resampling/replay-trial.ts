import { type Cost, costIn } from '../../evaluators/outcome.js'
import type { EpochOfSteps, MeasuredStage1, MeasuredTrial, RejectionRule } from './measured-arm.js'

/** Cost and result of an evaluation at another position of its search. */
export interface ReplayedTrial {
  readonly cost: Cost
  readonly score: number | null
  readonly rejected: boolean
  /** Whether it is extrapolated beyond the measurement. */
  readonly extrapolated: boolean
}

/**
 * Replays an evaluation with another rejection reference: `cheapest` is the cheapest stage 1 before it, in the rule's
 * unit; Infinity for none.
 *
 * A stage 1 costs the same for each image (exactly in FLOPs, on average in seconds), and the measurement shows at which
 * epochs or steps it had not reached the threshold. So a network that reached it, or had all its epochs, is replayed
 * exactly. Only a trial that the real search rejected may have to continue beyond its end, if the limit is higher now.
 * It is unknown when it would have reached the threshold. It is assumed not to: it is charged up to the check at which
 * the limit or the last epoch ends it, and has no score. Such trials are marked and counted in every result.
 */
export function replayTrial(trial: MeasuredTrial, rule: RejectionRule | null, cheapest: number): ReplayedTrial {
  const { cost, score, stage1 } = trial
  if (rule === null || stage1 === null) return { cost, score, rejected: false, extrapolated: false }
  const { checks, end } = stage1
  // A trial that reaches the threshold at its last check is kept, whatever its cost.
  const mayEndAt = end === 'reached' ? checks - 1 : end === 'rejected' ? rule.maxChecks : checks
  const check = firstCheckAt(rule.ratio * cheapest, mayEndAt, stage1, rule)
  if (check !== null) {
    return { cost: costAt(check, stage1, rule), score: null, rejected: true, extrapolated: check > checks }
  }
  if (end !== 'rejected') return { cost, score, rejected: false, extrapolated: false }
  const { maxChecks } = rule
  const toTheCap = costAt(maxChecks, stage1, rule)
  return { cost: toTheCap, score: null, rejected: false, extrapolated: maxChecks > checks }
}

/** The first check, up to `last`, at which a stage 1 costs at least `limit`; null if none. By bisection: costs grow. */
function firstCheckAt(limit: number, last: number, stage1: MeasuredStage1, rule: RejectionRule): number | null {
  let first = 1
  let end = last + 1
  while (first < end) {
    const middle = Math.floor((first + end) / 2)
    if (costIn(rule.unit, costAt(middle, stage1, rule)) >= limit) end = middle
    else first = middle + 1
  }
  return first <= last ? first : null
}

/** The cost of a stage 1 at a check. Divided before multiplying, so that FLOPs and steps stay exact. */
function costAt(check: number, { cost, checks }: MeasuredStage1, { epoch }: RejectionRule): Cost {
  if (check === checks) return cost
  const [there, then] = [imagesAt(checks, epoch), imagesAt(check, epoch)]
  return {
    computeSeconds: (cost.computeSeconds / there) * then,
    trainingFlops: (cost.trainingFlops / there) * then,
    steps: (cost.steps / checks) * check,
    epochs: (cost.epochs / there) * then,
  }
}

/** Images seen by a check; if each check is an epoch, epochs are the unit. */
function imagesAt(check: number, epoch: EpochOfSteps | undefined): number {
  if (epoch === undefined) return check
  const { steps, batch, images } = epoch
  return Math.floor(check / steps) * images + (check % steps) * batch
}
