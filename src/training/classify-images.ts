import type { TrainableNetwork } from '../engines/engine.js'
import type { ImageBatches } from './batches.js'

/** What a network says of each image of a split, in the split's order. */
export interface Classified {
  /** The most probable class of each image. */
  readonly labels: Uint8Array
  /** Its probability, 0..1. */
  readonly probabilities: Float64Array
}

/** Shows a network all images of `batches`, which must not be shuffled. */
export function classifyImages(network: TrainableNetwork, batches: ImageBatches): Classified {
  const { classes } = network.spec
  const labels = new Uint8Array(batches.images)
  const probabilities = new Float64Array(batches.images)
  for (let step = 0, first = 0; step < batches.steps; step++) {
    const { count, images } = batches.at(step)
    const logits = network.logits(images, count)
    for (let i = 0; i < count; i++) {
      const row = logits.subarray(i * classes, (i + 1) * classes)
      const label = row.reduce((best, logit, at) => (logit > (row[best] as number) ? at : best), 0)
      const most = row[label] as number
      labels[first + i] = label
      probabilities[first + i] = 1 / row.reduce((sum, logit) => sum + Math.exp(logit - most), 0)
    }
    first += count
  }
  return { labels, probabilities }
}
