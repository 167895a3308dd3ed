import type { TrainableNetwork } from '../engines/engine.js'
import { inputShape, nodeSize } from '../networks/network-spec.js'
import type { Clock } from '../platform/clock.js'
import { median } from '../statistics/sample.js'
import { type Repetitions, timeWorkload } from './timing.js'

/** How long a network takes for a batch on this machine, in one thread. */
export interface Latency {
  readonly batch: number
  /** Median of one batch. */
  readonly milliseconds: number
  readonly imagesPerSecond: number
}

/** The sizes of batches that are reported. */
const batches = [1, 64]

/** Times inference of one image and of a batch of 64; the median of repetitions. */
export function measureLatencies(
  network: TrainableNetwork,
  clock: Clock,
  repetitions: Repetitions = { seconds: 0.5 },
): readonly Latency[] {
  return batches.map((batch) => {
    const run = inference(network, batch)
    const timing = timeWorkload({ run, phases: () => ({}), dispose: () => {} }, repetitions, clock)
    const seconds = median(timing.seconds) as number
    return { batch, milliseconds: 1000 * seconds, imagesPerSecond: batch / seconds }
  })
}

/** Inference of one batch, run once already: the first run allocates. */
function inference(network: TrainableNetwork, batch: number): () => void {
  const images = new Float32Array(batch * nodeSize(inputShape(network.spec))).map((_, i) => Math.sin(i))
  const run = (): void => void network.logits(images, batch)
  run()
  return run
}
