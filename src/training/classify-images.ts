import { setImmediate } from 'node:timers/promises'
import { type Labels, makeLabels } from '../datasets/dataset.js'
import type { TrainableNetwork } from '../engines/engine.js'
import { mostProbable } from '../networks/most-probable.js'
import type { ImageBatches } from './batches.js'

/** What a network says of each image of a split, in the split's order. */
export interface Classified {
  /** The most probable class of each image. */
  readonly labels: Labels
  /** Its probability, 0..1. */
  readonly probabilities: Float64Array
}

/**
 * Shows a network all images of `batches`, which must not be shuffled. Between two batches, signals and timers have their
 * turn.
 *
 * @param stop asked after each batch; it throws to end this early
 */
export async function classifyImages(
  network: TrainableNetwork,
  batches: ImageBatches,
  stop: () => void = () => {},
): Promise<Classified> {
  const { classes } = network.spec
  const labels = makeLabels(classes, batches.images)
  const probabilities = new Float64Array(batches.images)
  for (let step = 0, first = 0; step < batches.steps; step++) {
    const { count, images } = batches.at(step)
    const logits = network.logits(images, count)
    for (let i = 0; i < count; i++) {
      const { label, probability } = mostProbable(logits.subarray(i * classes, (i + 1) * classes))
      labels[first + i] = label
      probabilities[first + i] = probability
    }
    first += count
    await setImmediate()
    stop()
  }
  return { labels, probabilities }
}
