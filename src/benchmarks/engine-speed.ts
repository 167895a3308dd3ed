import type { Engine } from '../engines/engine.js'
import type { Clock } from '../platform/clock.js'
import { median } from '../statistics/sample.js'
import { timeWorkload } from './timing.js'
import { type BenchmarkCase, createWorkload, type Workload } from './workload.js'

/** A cell with about the average FLOPs of nats-tss and most operations. */
export const typicalCell =
  '|nor_conv_3x3~0|+|nor_conv_1x1~0|avg_pool_3x3~1|+|skip_connect~0|nor_conv_1x1~1|nor_conv_1x1~2|'

/** A training step of the typical cell, 28x28 grey, as shown by `fear-nas doctor`. */
export const standardStep: BenchmarkCase = {
  kind: 'step',
  architecture: typicalCell,
  channels: 8,
  cells: 1,
  batch: 128,
  size: 28,
  inputChannels: 1,
  cut: null,
}

export interface StepEstimate {
  /** Seconds for a batch of the requested size. */
  readonly seconds: number
  /** The measured batch size; smaller than requested, with the time scaled, if the engine is too slow. */
  readonly measuredBatch: number
}

/** The first batch size, and the factor to the next. */
const smallBatch = 4
const growth = 4

/**
 * Times a training step within about `limitSeconds`. Starts with a small batch and increases it up to the requested
 * size while there is time for four steps, because an engine may have a fixed cost per call. Otherwise the last time is
 * scaled. Steps are not interrupted, so it takes at least the first two steps of the small batch.
 *
 * @throws EngineError if the engine cannot do it.
 */
export function estimateStep(engine: Engine, one: BenchmarkCase, clock: Clock, limitSeconds: number): StepEstimate {
  for (let batch = Math.min(smallBatch, one.batch); ; ) {
    const seconds = measure(engine, { ...one, batch }, (workload) => medianSeconds(workload, clock, limitSeconds / 4))
    const fits = (larger: number) => (4 * seconds * larger) / batch < limitSeconds
    const next = fits(one.batch) ? one.batch : batch * growth
    if (batch === one.batch || next > one.batch || !fits(next)) {
      return { seconds: (seconds * one.batch) / batch, measuredBatch: batch }
    }
    batch = next
  }
}

function medianSeconds(workload: Workload, clock: Clock, limitSeconds: number): number {
  const [first = 0] = timeWorkload(workload, { steps: 1 }, clock).seconds
  const steps = Math.min(20, Math.floor(limitSeconds / first))
  return steps < 2 ? first : (median(timeWorkload(workload, { steps }, clock).seconds) as number)
}

/** Creates a workload, lets it allocate, and disposes of it afterwards. */
function measure<T>(engine: Engine, one: BenchmarkCase, time: (workload: Workload) => T): T {
  const workload = createWorkload(engine, one)
  try {
    workload.run()
    return time(workload)
  } finally {
    workload.dispose()
  }
}
