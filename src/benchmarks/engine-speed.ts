import type { Engine } from '../engines/engine.js'
import type { Clock } from '../platform/clock.js'
import { median } from '../statistics/sample.js'
import { timeWorkload } from './timing.js'
import { type BenchmarkCase, createWorkload, type Workload } from './workload.js'

/** A cell that needs about as many FLOPs as the architectures of nats-tss do on average, and has most operations. */
export const typicalCell =
  '|nor_conv_3x3~0|+|nor_conv_1x1~0|avg_pool_3x3~1|+|skip_connect~0|nor_conv_1x1~1|nor_conv_1x1~2|'

/** A training step of the typical cell, 28x28 grey: what `fear-nas doctor` shows of every engine. */
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
  /** Of a batch of the size asked for. */
  readonly seconds: number
  /** The size that was measured: less than asked for where the engine is so slow that its time had to be scaled. */
  readonly measuredBatch: number
}

/** The batch to begin with, and how much larger each next one is. */
const smallBatch = 4
const growth = 4

/**
 * Times a training step within about `limitSeconds`. It begins with a small batch, and goes on to larger ones and at
 * last the one asked for as long as there is time for four steps at it: an engine may have a price per call, so that the
 * time of a small batch says little. Where there is not, the last time is multiplied. No step is ever interrupted, so
 * the first two steps of the small batch are the least it takes.
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
