import { interruptedOutcome, runTrial, scoreTraining, trainWhole } from 'fear-nas'

/**
 * Trains the whole network for a few epochs at a constant learning rate; the score is its accuracy on the validation images.
 *
 * @param {{ epochs?: number, learningRate?: number }} settings
 * @returns {import('fear-nas').Evaluator}
 */
export default function createQuickTraining({ epochs = 1, learningRate = 0.05 }) {
  return {
    name: 'quick-training',
    // So that `budget.targetAccuracy` may end a search with it.
    traits: { scoreIsAccuracy: true },
    evaluate: (request, context) =>
      // Builds the network, measures what the trial costs, and frees the network whatever happens.
      runTrial(request, context, 'train', (run) => {
        const { batch } = context.recipe
        const trained = trainWhole(run, { batch, epochs, learningRate, schedule: 'constant' })
        // The loss was not finite, the trial took too long, or the budget of the search is used up.
        if (trained.kind !== 'finished') return { outcome: interruptedOutcome(trained, run) }
        return { outcome: scoreTraining(run, trained, { score: 'validation', scoreEpoch: 'last', batch }) }
      }),
  }
}
