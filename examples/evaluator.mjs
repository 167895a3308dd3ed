/**
 * An evaluator: trains a network until it gets enough of the training images right, and scores it by its accuracy on the
 * validation images. In a configuration:
 *
 *   evaluator: { name: module, module: ./evaluator.mjs, settings: { enough: 0.6, epochs: 5 } }
 */
import { interruptedOutcome, runTrial, scoreTraining, trainWhole } from 'fear-nas'

/**
 * Called with `settings` in each worker, and in the driver, which looks at `traits`.
 *
 * @returns {import('fear-nas').Evaluator}
 */
export default function createEvaluator({ enough = 0.6, epochs = 5 }) {
  return {
    name: 'good-enough',
    // What the search must know of it. Not a full training, so the best are trained in full afterwards.
    traits: { scoreIsAccuracy: true },
    evaluate: (request, context) =>
      // Builds the network from the trial's seeds, meters the cost in the phase `train`, disposes the network.
      runTrial(request, context, 'train', (run) => {
        const { batch, learningRate } = context.recipe
        const trained = trainWhole(run, {
          batch,
          learningRate,
          epochs,
          schedule: 'constant',
          stop: ({ trainAccuracy }) => trainAccuracy >= enough,
        })
        // It diverged, ran out of time or was aborted: that is the outcome of the trial.
        if (trained.kind !== 'finished') return { outcome: interruptedOutcome(trained, run) }
        return { outcome: scoreTraining(run, trained, { score: 'validation', scoreEpoch: 'last', batch }) }
      }),
  }
}
