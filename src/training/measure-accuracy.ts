import type { TrainableNetwork } from '../engines/engine.js'
import { forwardFlops } from '../networks/flops.js'
import type { ImageBatches } from './batches.js'
import type { CostMeter } from './cost-meter.js'
import { type Interruption, interruptionOf } from './epoch.js'

/** How a network does on a split, in inference mode. */
export interface MeasuredAccuracy {
  readonly kind: 'measured'
  /** 0..1. */
  readonly accuracy: number
  /** Mean cross-entropy. */
  readonly loss: number
}

/**
 * Measures a network on all of `batches` and counts it in the current phase of `meter`. A network whose loss is NaN has
 * diverged, even if that did not show during training.
 */
export function measureAccuracy(
  network: TrainableNetwork,
  batches: ImageBatches,
  meter: CostMeter,
  timeoutSeconds: number,
): MeasuredAccuracy | Interruption {
  const flopsPerImage = forwardFlops(network.spec)
  let correct = 0
  let loss = 0
  for (let step = 0; step < batches.steps; step++) {
    const batch = batches.at(step)
    const result = network.evaluate(batch)
    meter.addFlops(flopsPerImage * batch.count)
    if (!Number.isFinite(result.loss)) return { kind: 'diverged', epoch: 0 }
    const interruption = interruptionOf(meter, timeoutSeconds)
    if (interruption !== null) return interruption
    correct += result.correct
    loss += result.loss * batch.count
  }
  return { kind: 'measured', accuracy: correct / batches.images, loss: loss / batches.images }
}
