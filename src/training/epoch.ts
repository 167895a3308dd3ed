import type { StepOptions, StepResult } from '../engines/engine.js'
import type { EpochBatches } from './batches.js'
import type { CostMeter } from './cost-meter.js'

/** Optimiser settings that do not change with the learning rate. */
export type OptimiserOptions = Omit<StepOptions, 'learningRate'>

/** What an epoch needs: a whole network and images, or a network's tail and cached features. */
export interface EpochJob<B extends { readonly count: number }> {
  readonly batches: EpochBatches<B>
  readonly optimiser: OptimiserOptions
  readonly flopsPerImage: number
  /** The meter that counts every step in its current phase. */
  readonly meter: CostMeter
  /** Time limit of the trial in seconds; checked after every step. */
  readonly timeoutSeconds: number
  /** `network.trainStep`, or `network.trainTailStep`. */
  step(batch: B, options: StepOptions): StepResult
  learningRate(epoch: number): number
  /** Called after every successful step; true ends the training there, in mid-epoch. */
  stopAfterStep?: ((step: TrainedStep) => boolean) | undefined
}

/** How the network did on one batch, before it was updated. */
export interface TrainedStep {
  readonly correct: number
  readonly count: number
}

/** One epoch of training. */
export interface EpochSummary {
  readonly kind: 'epoch'
  /** From 0. */
  readonly epoch: number
  /**
   * Training accuracy in 0..1; each image counts as on the forward pass before its batch's update, as in the authors'
   * code.
   */
  readonly trainAccuracy: number
  /** Mean over the epoch's images, before the updates. */
  readonly trainLoss: number
}

/**
 * Why training or measuring ended early. `diverged`: the loss was NaN or infinite in that epoch (from 0); `timed-out`:
 * the trial's time limit was reached; `aborted`: the search's budget was used up.
 */
export type Interruption =
  | { readonly kind: 'diverged'; readonly epoch: number }
  | { readonly kind: 'timed-out' }
  | { readonly kind: 'aborted' }

/** Why a trial must end here, before its work is done; null if it may continue. Called after every step. */
export function interruptionOf(
  meter: CostMeter,
  timeoutSeconds: number,
): Exclude<Interruption, { kind: 'diverged' }> | null {
  if (meter.busySeconds() > timeoutSeconds) return { kind: 'timed-out' }
  return meter.isOverBudget() ? { kind: 'aborted' } : null
}

/** `stopAfterStep` ended the epoch, perhaps before its end. */
export interface StoppedEpoch {
  readonly kind: 'stopped'
}

/**
 * Trains one epoch, step by step. A step that diverges or exceeds the time limit is the last one, and counts towards
 * cost.
 */
export function trainEpoch<B extends { readonly count: number }>(
  job: EpochJob<B>,
  epoch: number,
): EpochSummary | StoppedEpoch | Interruption {
  const { batches, meter } = job
  const options: StepOptions = { ...job.optimiser, learningRate: job.learningRate(epoch) }
  let correct = 0
  let loss = 0
  let seen = 0
  batches.begin(epoch)
  for (let step = 0; step < batches.steps; step++) {
    const batch = batches.at(step)
    const result = job.step(batch, options)
    meter.addFlops(job.flopsPerImage * batch.count)
    meter.addStep()
    seen += batch.count
    meter.setEpochPart(seen / batches.images)
    if (!Number.isFinite(result.loss)) return { kind: 'diverged', epoch }
    const interruption = interruptionOf(meter, job.timeoutSeconds)
    if (interruption !== null) return interruption
    correct += result.correct
    loss += result.loss * batch.count
    if (job.stopAfterStep?.({ correct: result.correct, count: batch.count }) === true) return { kind: 'stopped' }
  }
  meter.addEpoch()
  return { kind: 'epoch', epoch, trainAccuracy: correct / batches.images, trainLoss: loss / batches.images }
}
