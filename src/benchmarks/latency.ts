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

const leastRepetitions = 15
const mostSeconds = 0.05

/**
 * The least time for one image, in seconds, of at least 15 repetitions and as many as fit into 50 ms. Unlike the median it
 * hardly changes while workers train beside it (`docs/two-tier.md` has figures).
 */
export function leastSeconds(network: TrainableNetwork, clock: Clock): number {
  const run = inference(network, 1)
  let least = Infinity
  const started = clock.now()
  for (let count = 0; count < leastRepetitions || clock.now() - started < mostSeconds; count++) {
    const before = clock.now()
    run()
    least = Math.min(least, clock.now() - before)
  }
  return least
}
