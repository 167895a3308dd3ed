import { parentPort, workerData } from 'node:worker_threads'
import { systemClock } from '../platform/clock.js'
import { NetworkTooLargeError } from '../platform/errors.js'
import { messageOf } from '../platform/message-of.js'
import { loadBenchmarkEngine } from './benchmark-engine.js'
import type { ThreadAnswer, ThreadTask } from './threads.js'
import { type Timing, timeWorkload } from './timing.js'
import { createWorkload } from './workload.js'

async function measure(task: ThreadTask): Promise<Timing> {
  const workload = createWorkload(await loadBenchmarkEngine(task, { builds: false }), task.case)
  try {
    workload.run()
    const counters = new Int32Array(task.counters)
    waitForAll(counters, task.threads)
    const timing = timeWorkload(workload, task.repetitions, systemClock)
    Atomics.add(counters, 1, 1)
    // Other threads are still being timed, so keep this core busy.
    while (Atomics.load(counters, 1) < task.threads) workload.run()
    return timing
  } finally {
    workload.dispose()
  }
}

/** Blocks this thread until all are ready. */
function waitForAll(counters: Int32Array, threads: number): void {
  Atomics.add(counters, 0, 1)
  Atomics.notify(counters, 0)
  for (let seen = Atomics.load(counters, 0); seen < threads; seen = Atomics.load(counters, 0)) {
    Atomics.wait(counters, 0, seen)
  }
}

const answer: ThreadAnswer = await measure(workerData as ThreadTask).then(
  (timing) => ({ timing }),
  (error: unknown) => ({ error: messageOf(error), isTooLarge: error instanceof NetworkTooLargeError }),
)
parentPort?.postMessage(answer)
