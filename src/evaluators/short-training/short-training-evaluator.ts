import type { Evaluator } from '../evaluator.js'
import { scoreTraining } from '../score-training.js'
import { trainWhole } from '../train-whole.js'
import { interruptedOutcome, trainingEvaluator } from '../trial-run.js'
import type { ShortTrainingOptions } from './settings.js'

/**
 * The baseline of FEAR's authors, `shortreg` (archai/algos/natsbench/natsbench_regular_evaluater.py): trains the whole
 * network for a few epochs at a batch size of its own, the learning rate falling to 0 over these epochs by the cosine;
 * everything else is the recipe's. The score is the train accuracy of the best epoch, or of the last, or the validation
 * accuracy after the last. Phases: `train`, and `validate` where the score is the validation accuracy.
 */
export function shortTraining({ name, epochs, batch, score, scoreEpoch }: ShortTrainingOptions): Evaluator {
  return trainingEvaluator(name, (run) => {
    const { learningRate } = run.context.recipe
    const trained = trainWhole(run, { batch, epochs, learningRate, schedule: 'cosine' })
    if (trained.kind !== 'finished') return { outcome: interruptedOutcome(trained, run) }
    return { outcome: scoreTraining(run, trained, { score, scoreEpoch, batch }) }
  })
}
