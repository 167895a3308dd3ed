import type { EvaluatorSettings } from '../../evaluators/evaluator.js'
import { addCosts, noCost, type Outcome } from '../../evaluators/outcome.js'
import { resultLag } from '../../search/knowledge.js'
import type { ArmRun } from '../arm-run.js'
import type { ArmOptions } from '../study.js'
import type { FullTraining, MeasuredArm, MeasuredStage1, MeasuredTrial, RejectionRule } from './measured-arm.js'

/**
 * Takes of an arm that has been run what searches can be replayed from.
 *
 * @param trainImages how many images an epoch has.
 */
export function measuredArm(options: ArmOptions, { trials, result }: ArmRun, trainImages: number): MeasuredArm {
  const { name, evaluator, finalists } = options
  const rejection = rejectionRule(evaluator, trainImages)
  return {
    name,
    evaluator: evaluator.name,
    finalists: evaluator.name === 'full-training' ? 0 : finalists,
    fixedCost: Object.entries(result.phases)
      .filter(([phase]) => phase.startsWith('prefilter/') || phase.startsWith('calibration/'))
      .reduce((sum, [, cost]) => addCosts(sum, cost), noCost),
    fixedSeconds: fixedSeconds(result),
    rejection,
    trials: trials.map(({ outcome }) => measuredTrial(outcome, rejection?.epoch === undefined ? 'epochs' : 'steps')),
  }
}

/** The scores of a prefilter take about as long as each other. */
function fixedSeconds({ calibration, prefilter }: ArmRun['result']): readonly number[] | undefined {
  if (prefilter === null) return calibration?.networks.map(({ computeSeconds }) => computeSeconds)
  const { computeSeconds, pool } = prefilter
  const scores = Array.from({ length: pool }, () => computeSeconds / pool)
  return [...scores, ...(calibration?.networks.map((network) => network.computeSeconds) ?? [])]
}

function rejectionRule(evaluator: EvaluatorSettings, trainImages: number): RejectionRule | null {
  if (evaluator.name !== 'fear' || evaluator.ratio === null) return null
  const { ratio, cost: unit, maxEpochs, stage1 } = evaluator
  const rule = { ratio, unit, lag: unit === 'seconds' ? 1 : resultLag }
  if (stage1.check === 'epoch') return { ...rule, maxChecks: maxEpochs }
  const batch = Math.min(stage1.batch, trainImages)
  const epoch = { steps: Math.ceil(trainImages / batch), batch, images: trainImages }
  return { ...rule, maxChecks: maxEpochs * epoch.steps, epoch }
}

/** @param looked after each of which a stage 1 was looked at. */
function measuredTrial(outcome: Outcome, looked: 'epochs' | 'steps'): MeasuredTrial {
  return {
    cost: outcome.cost,
    score: outcome.kind === 'scored' ? outcome.score : null,
    stage1: measuredStage1(outcome, looked),
  }
}

function measuredStage1(outcome: Outcome, looked: 'epochs' | 'steps'): MeasuredStage1 | null {
  const cost = outcome.phases.stage1
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
