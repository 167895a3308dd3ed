import type { EngineInfo } from '../engines/engine.js'
import { ConfigError } from '../platform/errors.js'
import { ownPartName } from '../platform/parts/part-settings.js'
import type { WorkerSetup } from './executor.js'
import { createInProcessExecutor, type ReadyExecutor } from './in-process.js'
import { createPiscinaExecutor } from './piscina-pool.js'
import type { PoolOptions } from './pooled-executor.js'
import { createProcessPoolExecutor } from './process-pool.js'
import { type Quarantine, RetryingExecutor } from './retrying-executor.js'

/** What each worker has of its own; `auto`: what the engine asks for; `none`: a single worker, in the driver's thread. */
export type Isolation = 'auto' | 'none' | 'thread' | 'process'

export interface ExecutorOptions extends Pick<PoolOptions, 'workers'> {
  readonly isolation?: Isolation | undefined
  /** Architectures that earlier sessions of the run have given up. */
  readonly quarantine?: Quarantine | undefined
}

/**
 * The executor that suits an engine and a wish: worker processes or threads, or this very thread. Trials that take their
 * worker down are tried once more.
 *
 * @throws ConfigError if the engine cannot be isolated as wished.
 */
export async function createExecutor(
  setup: WorkerSetup,
  engine: EngineInfo,
  { isolation = 'auto', quarantine, workers }: ExecutorOptions,
): Promise<ReadyExecutor> {
  checkIsolation(isolation, engine, typeof setup.engine === 'string' ? setup.engine : ownPartName(setup.engine))
  const wanted = isolation === 'auto' ? (engine.isolation ?? 'thread') : isolation
  return new RetryingExecutor(await executors[wanted](setup, { workers }), quarantine)
}

const executors = {
  none: (setup) => createInProcessExecutor(setup),
  thread: createPiscinaExecutor,
  process: createProcessPoolExecutor,
} satisfies Readonly<
  Record<
    Exclude<Isolation, 'auto'>,
    (setup: WorkerSetup, options: Pick<PoolOptions, 'workers'>) => Promise<ReadyExecutor>
  >
>

/** @throws ConfigError if threads are wished for and the engine needs processes. */
export function checkIsolation(isolation: Isolation, { isolation: needed }: EngineInfo, engine: string): void {
  if (isolation !== 'thread' || needed !== 'process') return
  throw new ConfigError(
    `isolation: thread does not go with the engine ${engine}, whose workers must be processes. Set isolation to auto.`,
  )
}
