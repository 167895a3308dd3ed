import type { EngineInfo } from '../engines/engine.js'
import { physicalCores } from '../platform/hardware.js'
import type { WorkerSetup } from './executor.js'
import { createInProcessExecutor, type ReadyExecutor } from './in-process.js'
import { createPiscinaExecutor } from './piscina-pool.js'
import type { PoolOptions } from './pooled-executor.js'
import { createProcessPoolExecutor } from './process-pool.js'

/** The executor that suits an engine: worker processes or threads, as it asks; one worker needs no thread of its own. */
export function createExecutor(
  setup: WorkerSetup,
  engine: EngineInfo,
  options: Pick<PoolOptions, 'workers'>,
): Promise<ReadyExecutor> {
  if (engine.isolation === 'process') return createProcessPoolExecutor(setup, options)
  const workers = options.workers === 'auto' ? physicalCores() : options.workers
  return workers === 1 ? createInProcessExecutor(setup) : createPiscinaExecutor(setup, { workers })
}
