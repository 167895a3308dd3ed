import type { Evaluator } from '../evaluator.js'
import { scoreTraining } from '../score-training.js'
import { trainWhole } from '../train-whole.js'
import { interruptedOutcome, trainingEvaluator } from '../trial-run.js'

/**
 * Trains the whole network by the recipe; the score is its validation accuracy, and measuring it counts towards cost.
 * Returns the trained weights. Phases: `train`, `validate`.
 */
export const fullTraining: Evaluator = trainingEvaluator('full-training', (run) => {
  const { recipe } = run.context
  const trained = trainWhole(run, recipe)
  if (trained.kind !== 'finished') return { outcome: interruptedOutcome(trained, run) }
  const outcome = scoreTraining(run, trained, { score: 'validation', scoreEpoch: 'last', batch: recipe.batch })
  return outcome.kind === 'scored' ? { outcome, weights: run.network.weights() } : { outcome }
})
