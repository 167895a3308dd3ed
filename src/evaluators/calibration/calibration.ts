import { FearNasError } from '../../platform/errors.js'
import type { Architecture } from '../../spaces/search-space.js'
import { median } from '../../statistics/sample.js'
import type { Outcome } from '../outcome.js'
import type { CalibrationOptions } from './settings.js'

/** What has to be done before a search whose evaluator leaves a threshold to be found. */
export interface CalibrationPlan {
  /** How many networks are drawn from the space and trained. */
  readonly architectures: number
  /** What each is trained by. */
  readonly evaluator: CalibrationOptions
  /**
   * The threshold that the trained networks show.
   *
   * @throws CalibrationError if they show none.
   */
  find(networks: readonly CalibratedNetwork[], classes: number): number
}

/** A threshold found by calibration, and the networks it is based on. Plain data. */
export interface Calibration {
  /** In 0..1. */
  readonly threshold: number
  readonly networks: readonly CalibratedNetwork[]
}

/** A reference network after its short training; a scored outcome has its best epoch's train accuracy as score. */
export interface CalibratedNetwork {
  readonly architecture: Architecture
  readonly outcome: Outcome
}

/** No threshold could be found; the message says at which network the work failed, and what to do. */
export class CalibrationError extends FearNasError {}

const remedy = 'or set evaluator.threshold to a number'

/**
 * The threshold from reference networks: the median of their training accuracies, which half of all networks reach in
 * this time.
 *
 * @param classes of the data set.
 * @throws CalibrationError if the training of one of them failed, or if half of them are hardly better than guessing.
 */
export function thresholdFrom(networks: readonly CalibratedNetwork[], classes: number): number {
  const accuracies = networks.map(({ architecture, outcome }) => {
    if (outcome.kind === 'scored') return outcome.score
    throw new CalibrationError(
      `The calibration of FEAR's threshold failed at ${architecture}: ${whatHappened(outcome)}`,
    )
  })
  const threshold = median(accuracies)
  if (threshold === null) throw new CalibrationError(`The space has no network to calibrate with: set a number.`)
  const chance = 1 / classes
  if ((threshold - chance) / (1 - chance) >= leastLearnt) return threshold
  throw new CalibrationError(
    `The calibration of FEAR's threshold found nothing: half of its networks had at most ${threshold.toFixed(3)} of the ` +
      `training images right, and guessing gives ${chance.toFixed(3)}. Raise evaluator.calibration.epochs, ${remedy}.`,
  )
}

/** Share of the way from guessing to everything right; below it, a network that cannot learn might pass. */
const leastLearnt = 0.02

function whatHappened(outcome: Exclude<Outcome, { kind: 'scored' }>): string {
  switch (outcome.kind) {
    case 'diverged':
      return `it diverged in epoch ${outcome.epoch}. Lower evaluator.stage1.learningRate, ${remedy}.`
    case 'timed-out':
      return `it took longer than ${outcome.limitSeconds} s. Raise trialTimeout, ${remedy}.`
    case 'failed':
      return `${outcome.message}. See to that, ${remedy}.`
    default:
      return `it ended as ${outcome.kind}. Set evaluator.threshold to a number.`
  }
}
