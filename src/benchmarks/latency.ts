import type { TrainableNetwork } from '../engines/engine.js'
import { inputShape, nodeSize } from '../networks/network-spec.js'
import type { Clock } from '../platform/clock.js'
import { median } from '../statistics/sample.js'
import { type Repetitions, timeWorkload } from './timing.js'

/** Times inference of one batch. @returns the median, in seconds. */
export function measureLatency(
  network: TrainableNetwork,
  batch: number,
  clock: Clock,
  repetitions: Repetitions = { seconds: 0.5 },
): number {
  const images = new Float32Array(batch * nodeSize(inputShape(network.spec))).map((_, i) => Math.sin(i))
  const run = (): void => void network.logits(images, batch)
  // The first allocates.
  run()
  const { seconds } = timeWorkload({ run, phases: () => ({}), dispose: () => {} }, repetitions, clock)
  return median(seconds) as number
}
