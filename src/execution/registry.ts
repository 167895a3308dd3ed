import type { WorkerSetup } from './executor.js'
import type { ReadyExecutor } from './in-process.js'
import type { PoolOptions } from './pooled-executor.js'

/** Makes an executor, its workers ready. May have fewer workers than asked for: as many as it and the engine can have. */
export type ExecutorFactory = (setup: WorkerSetup, options: Pick<PoolOptions, 'workers'>) => Promise<ReadyExecutor>

/** Every executor, by the name that `isolation` gives it. They are imported when they are asked for. */
const executors = {
  none: async (setup) => (await import('./in-process.js')).createInProcessExecutor(setup),
  thread: async (setup, options) => (await import('./piscina-pool.js')).createPiscinaExecutor(setup, options),
  process: async (setup, options) => (await import('./process-pool.js')).createProcessPoolExecutor(setup, options),
} satisfies Readonly<Record<string, ExecutorFactory>>

type ExecutorName = keyof typeof executors

/**
 * Whether workers are threads or processes; `auto`: as the engine requires; `none`: a single worker in the driver's
 * thread.
 */
export type Isolation = 'auto' | ExecutorName

/** All that `isolation` may be. */
export const isolationNames = ['auto', ...(Object.keys(executors) as ExecutorName[])] as const

/** The factory of an executor. */
export function executorFactory(name: ExecutorName): ExecutorFactory {
  return executors[name]
}
