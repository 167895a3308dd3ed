import type { EngineInfo } from '../engines/engine.js'
import { ConfigError } from '../platform/errors.js'
import { physicalCores } from '../platform/hardware.js'
import type { WorkerSetup } from './executor.js'
import { createInProcessExecutor, type ReadyExecutor } from './in-process.js'
import { createPiscinaExecutor } from './piscina-pool.js'
import type { PoolOptions } from './pooled-executor.js'
import { createProcessPoolExecutor } from './process-pool.js'
import { type Quarantine, RetryingExecutor } from './retrying-executor.js'

/** What each worker has of its own; `auto`: what the engine asks for. */
export type Isolation = 'auto' | 'thread' | 'process'

export interface ExecutorOptions extends Pick<PoolOptions, 'workers'> {
  readonly isolation?: Isolation | undefined
  /** Architectures that earlier sessions of the run have given up. */
  readonly quarantine?: Quarantine | undefined
}

/**
 * The executor that suits an engine and a wish: worker processes or threads. One worker needs no thread of its own.
 * Trials that take their worker down are tried once more.
 *
 * @throws ConfigError if the engine cannot be isolated as wished.
 */
export async function createExecutor(
  setup: WorkerSetup,
  engine: EngineInfo,
  { isolation = 'auto', quarantine, workers }: ExecutorOptions,
): Promise<ReadyExecutor> {
  checkIsolation(isolation, engine, setup.engine)
  const wanted = isolation === 'auto' ? engine.isolation : isolation
  const create = wanted === 'process' ? createProcessPoolExecutor : createThreads
  return new RetryingExecutor(await create(setup, { workers }), quarantine)
}

function createThreads(setup: WorkerSetup, options: Pick<PoolOptions, 'workers'>): Promise<ReadyExecutor> {
  const workers = options.workers === 'auto' ? physicalCores() : options.workers
  return workers === 1 ? createInProcessExecutor(setup) : createPiscinaExecutor(setup, { workers })
}

/** @throws ConfigError if threads are wished for and the engine needs processes. */
export function checkIsolation(isolation: Isolation, { isolation: needed }: EngineInfo, engine: string): void {
  if (isolation !== 'thread' || needed !== 'process') return
  throw new ConfigError(
    `isolation: thread does not go with the engine ${engine}, whose workers must be processes. Set isolation to auto.`,
  )
}
