import { ImageBatches } from '../training/batches.js'
import type { EpochSummary } from '../training/epoch.js'
import { measureAccuracy } from '../training/measure-accuracy.js'
import type { FinishedTraining } from '../training/train-network.js'
import type { Outcome } from './outcome.js'
import { interruptedOutcome, type TrialRun } from './trial-run.js'

/** The accuracy that is the score. */
export interface TrainingScore {
  readonly score: 'train' | 'validation'
  /** The epoch whose train accuracy is taken. */
  readonly scoreEpoch: 'best' | 'last'
  /** Validation images at a time. */
  readonly batch: number
}

/**
 * The outcome of completed training: its score is the train accuracy of the best or the last epoch, or the validation
 * accuracy, which is measured now, in the phase `validate`.
 */
export function scoreTraining(
  run: TrialRun,
  { history }: FinishedTraining,
  { score, scoreEpoch, batch }: TrainingScore,
): Exclude<Outcome, { kind: 'rejected' | 'below-threshold' | 'failed' }> {
  const { network, meter, context } = run
  const { trainAccuracy } = history.at(-1) as EpochSummary
  if (score === 'train') {
    return {
      kind: 'scored',
      score: scoreEpoch === 'best' ? Math.max(...history.map((epoch) => epoch.trainAccuracy)) : trainAccuracy,
      metric: 'train-accuracy',
      trainAccuracy,
      validationAccuracy: null,
      ...meter.read(),
    }
  }
  meter.enter('validate')
  const images = new ImageBatches(context.dataset, context.dataset.validation, batch)
  const validation = measureAccuracy(network, images, meter, context.timeoutSeconds)
  if (validation.kind !== 'measured') return interruptedOutcome(validation, run)
  const { accuracy } = validation
  return {
    kind: 'scored',
    score: accuracy,
    metric: 'validation-accuracy',
    trainAccuracy,
    validationAccuracy: accuracy,
    ...meter.read(),
  }
}
