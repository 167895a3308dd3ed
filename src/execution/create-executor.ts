import type { EngineInfo } from '../engines/engine.js'
import { ConfigError } from '../platform/errors.js'
import { ownPartName } from '../platform/parts/part-settings.js'
import type { WorkerSetup } from './executor.js'
import type { ReadyExecutor } from './in-process.js'
import type { PoolOptions } from './pooled-executor.js'
import { executorFactory, type Isolation } from './registry.js'
import { type Quarantine, RetryingExecutor } from './retrying-executor.js'

export interface ExecutorOptions extends Pick<PoolOptions, 'workers'> {
  readonly isolation?: Isolation | undefined
  /** Architectures that earlier sessions of the run have quarantined. */
  readonly quarantine?: Quarantine | undefined
}

/**
 * The executor for an engine: that of the given isolation, or the one that the engine asks for. Trials whose worker is lost
 * are tried once more.
 *
 * @throws ConfigError if the engine does not allow this isolation.
 */
export async function createExecutor(
  setup: WorkerSetup,
  engine: EngineInfo,
  { isolation = 'auto', quarantine, workers }: ExecutorOptions,
): Promise<ReadyExecutor> {
  checkIsolation(isolation, engine, typeof setup.engine === 'string' ? setup.engine : ownPartName(setup.engine))
  const create = executorFactory(isolation === 'auto' ? (engine.isolation ?? 'thread') : isolation)
  return new RetryingExecutor(await create(setup, { workers }), quarantine)
}

/** @throws ConfigError if threads are asked for and the engine needs processes. */
export function checkIsolation(isolation: Isolation, { isolation: needed }: EngineInfo, engine: string): void {
  if (isolation !== 'thread' || needed !== 'process') return
  throw new ConfigError(
    `isolation: thread does not go with the engine ${engine}, whose workers must be processes. Set isolation to auto.`,
  )
}
