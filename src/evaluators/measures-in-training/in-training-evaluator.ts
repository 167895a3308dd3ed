import type { TrainingRecipe } from '../../training/recipe.js'
import type { Evaluation, EvaluationContext, EvaluationRequest, Evaluator } from '../evaluator.js'
import type { Outcome } from '../outcome.js'
import { trainWhole, type WholeTraining } from '../train-whole.js'
import { interruptedOutcome, runTrial, type TrialRun } from '../trial-run.js'
import { firstBatch } from '../zero-cost/first-batch.js'
import type { Measure } from '../zero-cost/measure.js'
import { findMeasure } from '../zero-cost/registry.js'
import type { InTrainingOptions } from './settings.js'
import type { Snapshot } from './snapshot.js'
import { type Camera, takeSnapshot } from './take-snapshot.js'

/**
 * Trains a network epoch by epoch and scores it by zero-cost measures after some of them (archai/algos/proxynas,
 * zero_cost_natsbench_epochs_evaluator.py). Its result is the outcome's `snapshots`; the score is the validation
 * accuracy at the last of them. Phases: `train`, `measure`, `validate`.
 */
export class InTrainingEvaluator implements Evaluator {
  readonly name = 'measures-in-training'
  readonly #options: InTrainingOptions
  readonly #measures: readonly Measure[]

  /** @throws ConfigError if there is no such measure. */
  constructor(options: InTrainingOptions) {
    this.#options = options
    this.#measures = options.measures.map(findMeasure)
  }

  evaluate(request: EvaluationRequest, context: EvaluationContext): Evaluation {
    return runTrial(request, context, 'train', (run) => {
      const snapshots: Snapshot[] = []
      const outcome = this.#train(run, snapshots)
      return { outcome: { ...outcome, snapshots } }
    })
  }

  /** Adds to `snapshots` immediately, so that they are kept if the training fails later. */
  #train(run: TrialRun, snapshots: Snapshot[]): Outcome {
    const { epochs, threshold, training } = this.#options
    const { meter, network, context } = run
    const last = epochs.at(-1) ?? 0
    const camera = this.#camera(run)
    let isReached = threshold === null
    let interrupted: Outcome | null = null

    /** Whether the training may continue. */
    const snap = (trained: number, trainAccuracy: number | null): boolean => {
      const result = takeSnapshot(run, camera, trained, trainAccuracy)
      if (result.kind === 'taken') snapshots.push(result.snapshot)
      else interrupted = interruptedOutcome(result, run)
      meter.enter('train')
      return interrupted === null
    }
    const mayTrain = epochs[0] !== 0 || snap(0, null)
    if (mayTrain && last > 0) {
      const trained = trainWhole(run, {
        ...(training === 'paper' ? rounds(context.recipe, last) : context.recipe),
        stop({ epoch, trainAccuracy }) {
          const reaches = !isReached && trainAccuracy >= (threshold ?? Infinity)
          isReached ||= reaches
          if ((reaches || epochs.includes(epoch + 1)) && !snap(epoch + 1, trainAccuracy)) return true
          if (training === 'paper') network.freezeUpTo(null) // Freezes nothing; resets the optimiser.
          return epoch + 1 >= last
        },
      })
      if (trained.kind !== 'finished') return interruptedOutcome(trained, run)
    }
    return interrupted ?? scored(run, snapshots)
  }

  #camera({ context, meter, request }: TrialRun): Camera {
    const { dataset, recipe } = context
    meter.enter('measure')
    const images = firstBatch(dataset, this.#options.batch, request.dataSeed, recipe.augmentation)
    meter.enter('train')
    return { measures: this.#measures, images }
  }
}

/**
 * As in the authors' code for this study: every round of one epoch has its own trainer, so the learning rate never
 * falls, momentum starts at zero and the loader shuffles by the same seed.
 */
function rounds({ batch, learningRate }: TrainingRecipe, epochs: number): WholeTraining {
  return { batch, learningRate, epochs, schedule: 'constant', sameOrder: true }
}

function scored({ meter }: TrialRun, snapshots: readonly Snapshot[]): Outcome {
  const { trainAccuracy, validationAccuracy } = snapshots.at(-1) as Snapshot
  const accuracies = { trainAccuracy, validationAccuracy }
  return { kind: 'scored', score: validationAccuracy, metric: 'validation-accuracy', ...accuracies, ...meter.read() }
}
