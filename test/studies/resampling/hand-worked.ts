import type { Cost } from '../../../src/evaluators/outcome.js'
import type { FullTraining, MeasuredArm, MeasuredTrial } from '../../../src/studies/resampling/measured-arm.js'

/** A worker does one FLOP a second. */
export function cost(flops: number, epochs = 0): Cost {
  return { computeSeconds: flops, trainingFlops: flops, steps: 0, epochs }
}

const trials: readonly MeasuredTrial[] = [
  // Reached the threshold in one epoch of 10; stage 2 cost another 2.
  { cost: cost(12), score: 0.6, stage1: { cost: cost(10, 1), checks: 1, end: 'reached' } },
  // In three epochs of 10.
  { cost: cost(34), score: 0.9, stage1: { cost: cost(30, 3), checks: 3, end: 'reached' } },
  // Was rejected after two epochs of 10.
  { cost: cost(20), score: null, stage1: { cost: cost(20, 2), checks: 2, end: 'rejected' } },
  // Had not reached it after all four epochs of 5.
  { cost: cost(20), score: null, stage1: { cost: cost(20, 4), checks: 4, end: 'below-threshold' } },
  // In two epochs of 6.
  { cost: cost(13), score: 0.8, stage1: { cost: cost(12, 2), checks: 2, end: 'reached' } },
]

/** Gives up at twice the cheapest stage 1 of the trials at least two places before. */
export const fear: MeasuredArm = {
  name: 'fear',
  trainsInFull: false,
  isShortTraining: false,
  finalists: 2,
  fixedCost: cost(0),
  rejection: { ratio: 2, unit: 'work', lag: 2, maxChecks: 4 },
  trials,
}

export const fullTrainings: readonly FullTraining[] = [
  { cost: cost(40), validationAccuracy: 0.7, testAccuracy: 0.71 },
  { cost: cost(50), validationAccuracy: 0.8, testAccuracy: 0.79 },
  { cost: cost(45), validationAccuracy: 0.9, testAccuracy: 0.91 },
  { cost: cost(30), validationAccuracy: 0.6, testAccuracy: 0.6 },
  { cost: cost(35), validationAccuracy: 0.8, testAccuracy: 0.82 },
]

/** The arm that makes these full trainings. */
export function fullArm(trainings: readonly FullTraining[], name = 'full'): MeasuredArm {
  return {
    name,
    trainsInFull: true,
    isShortTraining: false,
    finalists: 0,
    fixedCost: cost(0),
    rejection: null,
    trials: trainings.map((training) => ({ cost: training.cost, score: training.validationAccuracy, stage1: null })),
  }
}
