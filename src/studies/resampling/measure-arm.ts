import type { EvaluatorOptions } from '../../evaluators/evaluator.js'
import { addCosts, noCost, type Outcome } from '../../evaluators/outcome.js'
import { rejectionLag } from '../../search/rejection-policy.js'
import type { ArmRun } from '../arm-run.js'
import type { ArmOptions } from '../study.js'
import type { FullTraining, MeasuredArm, MeasuredStage1, MeasuredTrial, RejectionRule } from './measured-arm.js'

/** Takes of an arm that has been run what searches can be replayed from. */
export function measuredArm(options: ArmOptions, { trials, result }: ArmRun): MeasuredArm {
  const { name, evaluator, finalists } = options
  return {
    name,
    evaluator: evaluator.name,
    finalists: evaluator.name === 'full-training' ? 0 : finalists,
    fixedCost: Object.entries(result.phases)
      .filter(([phase]) => phase.startsWith('calibration/'))
      .reduce((sum, [, cost]) => addCosts(sum, cost), noCost),
    rejection: rejectionRule(evaluator),
    trials: trials.map(({ outcome }) => measuredTrial(outcome)),
  }
}

function rejectionRule(evaluator: EvaluatorOptions): RejectionRule | null {
  if (evaluator.name !== 'fear' || evaluator.ratio === null) return null
  const { ratio, cost: unit, maxEpochs } = evaluator
  return { ratio, unit, lag: unit === 'seconds' ? 1 : rejectionLag, maxChecks: maxEpochs }
}

function measuredTrial(outcome: Outcome): MeasuredTrial {
  return {
    cost: outcome.cost,
    score: outcome.kind === 'scored' ? outcome.score : null,
    stage1: measuredStage1(outcome),
  }
}

function measuredStage1(outcome: Outcome): MeasuredStage1 | null {
  const cost = outcome.phases.stage1
  if (cost === undefined || cost.epochs === 0) return null
  switch (outcome.kind) {
    case 'scored':
      return { cost, checks: cost.epochs, end: 'reached' }
    case 'rejected':
    case 'below-threshold':
      return { cost, checks: cost.epochs, end: outcome.kind }
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
