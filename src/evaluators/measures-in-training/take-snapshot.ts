import type { Batch } from '../../engines/engine.js'
import { ImageBatches } from '../../training/batches.js'
import { type Interruption, interruptionOf } from '../../training/epoch.js'
import { measureAccuracy } from '../../training/measure-accuracy.js'
import type { TrialRun } from '../trial-run.js'
import { type Measure, measureFlops } from '../zero-cost/measure.js'
import { scoreArchitecture } from '../zero-cost/score-architecture.js'
import type { Snapshot } from './snapshot.js'

/** Settings and services for a snapshot. */
export interface Camera {
  readonly measures: readonly Measure[]
  /** The images of the measures. */
  readonly images: Batch
}

/**
 * Measures a network during training, in the phases `measure` and `validate`; the meter stays in the latter. The
 * measures get a copy of the network and validation is inference, so the training is not affected.
 */
export function takeSnapshot(
  { network, meter, spec, context }: TrialRun,
  { measures, images }: Camera,
  epochs: number,
  trainAccuracy: number | null,
): { readonly kind: 'taken'; readonly snapshot: Snapshot } | Interruption {
  const { clock, dataset, engine, recipe, timeoutSeconds } = context
  const train = meter.phaseCost().computeSeconds
  meter.enter('measure')
  const scored = scoreArchitecture({ engine, spec, weights: network.weights(), batch: images }, measures, clock)
  for (const measure of measures) meter.addFlops(measureFlops(measure, spec, images.count))
  const interruption = interruptionOf(meter, timeoutSeconds)
  if (interruption !== null) return interruption

  meter.enter('validate')
  const before = meter.phaseCost().computeSeconds
  const batches = new ImageBatches(dataset, dataset.validation, recipe.batch)
  const validation = measureAccuracy(network, batches, meter, timeoutSeconds)
  if (validation.kind !== 'measured') return validation
  const validate = meter.phaseCost().computeSeconds - before
  return {
    kind: 'taken',
    snapshot: {
      epochs,
      trainAccuracy,
      validationAccuracy: validation.accuracy,
      measures: scored.scores,
      seconds: { train, validate, measures: scored.seconds },
    },
  }
}
