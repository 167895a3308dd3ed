import { addCosts, noCost, type Outcome } from '../../evaluators/outcome.js'
import { traitsOf } from '../../evaluators/registry.js'
import type { Pace } from '../../evaluators/traits.js'
import { resultLag } from '../../search/knowledge.js'
import type { ArmRun } from '../arm-run.js'
import type { ArmOptions } from '../study.js'
import type { FullTraining, MeasuredArm, MeasuredStage1, MeasuredTrial, RejectionRule } from './measured-arm.js'

/**
 * Extracts from a finished arm the data for replaying searches.
 *
 * @param trainImages the number of images per epoch.
 */
export function measuredArm(options: ArmOptions, { trials, result }: ArmRun, trainImages: number): MeasuredArm {
  const { name, evaluator, finalists } = options
  const { isShortTraining, pace, trainsInFull } = traitsOf(evaluator)
  const rejection = pace && rejectionRule(pace, trainImages)
  return {
    name,
    trainsInFull,
    isShortTraining,
    finalists: trainsInFull ? 0 : finalists,
    fixedCost: Object.entries(result.phases)
      .filter(([phase]) => phase.startsWith('prefilter/') || phase.startsWith('calibration/'))
      .reduce((sum, [, cost]) => addCosts(sum, cost), noCost),
    fixedSeconds: fixedSeconds(result),
    rejection,
    trials: measuredTrials(trials, pace),
  }
}

/** All scores of a prefilter take about the same time. */
function fixedSeconds({ calibration, prefilter }: ArmRun['result']): readonly number[] | undefined {
  if (prefilter === null) return calibration?.networks.map(({ computeSeconds }) => computeSeconds)
  const { computeSeconds, pool } = prefilter
  const scores = Array.from({ length: pool }, () => computeSeconds / pool)
  return [...scores, ...(calibration?.networks.map((network) => network.computeSeconds) ?? [])]
}

function rejectionRule(pace: Pace, trainImages: number): RejectionRule {
  const { check, maxEpochs, ratio, unit } = pace
  const rule = { ratio, unit, lag: unit === 'seconds' ? 1 : resultLag }
  if (check === 'epoch') return { ...rule, maxChecks: maxEpochs }
  const batch = Math.min(pace.batch, trainImages)
  const epoch = { steps: Math.ceil(trainImages / batch), batch, images: trainImages }
  return { ...rule, maxChecks: maxEpochs * epoch.steps, epoch }
}

/** @param pace by which its stage 1 is replayed; null: not at all. */
export function measuredTrials(trials: ArmRun['trials'], pace: Pace | null): readonly MeasuredTrial[] {
  return trials.map(({ outcome }) => ({
    cost: outcome.cost,
    score: outcome.kind === 'scored' ? outcome.score : null,
    stage1: pace && measuredStage1(outcome, pace),
  }))
}

function measuredStage1(outcome: Outcome, { check, phase }: Pace): MeasuredStage1 | null {
  const cost = outcome.phases[phase]
  const looked = check === 'epoch' ? 'epochs' : 'steps'
  if (cost === undefined || cost[looked] === 0) return null
  switch (outcome.kind) {
    case 'scored':
      return { cost, checks: cost[looked], end: 'reached' }
    case 'rejected':
    case 'below-threshold':
      return { cost, checks: cost[looked], end: outcome.kind }
    default:
      return null
  }
}

/** The full trainings of the arm that did them, with the test accuracies of its networks by index of trial. */
export function fullTrainings({ trials, testAccuracies }: ArmRun): readonly FullTraining[] {
  return trials.map(({ index, outcome }) => ({
    cost: outcome.cost,
    validationAccuracy: outcome.kind === 'scored' ? outcome.validationAccuracy : null,
    testAccuracy: testAccuracies.get(index) ?? null,
  }))
}
