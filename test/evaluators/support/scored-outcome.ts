import type { Outcome } from '../../../src/evaluators/outcome.js'

const cost = { computeSeconds: 2, trainingFlops: 5, steps: 3, epochs: 1 }

/** A valid outcome with a score. */
export const scoredOutcome = {
  kind: 'scored',
  score: 0.5,
  metric: 'validation-accuracy',
  trainAccuracy: null,
  validationAccuracy: 0.5,
  cost,
  phases: { train: cost },
} as const satisfies Outcome
