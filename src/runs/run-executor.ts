import { createExecutor } from '../execution/create-executor.js'
import type { Executor } from '../execution/executor.js'
import type { ReadyExecutor } from '../execution/in-process.js'
import { RetryingExecutor } from '../execution/retrying-executor.js'
import { quarantinedIn } from '../journal/quarantined.js'
import type { PreparedRun } from './prepare-run.js'
import type { RunRequest } from './run-request.js'

/**
 * The executor of a run, the caller's own or what the configuration asks for. Either way a trial whose worker is lost is
 * tried once more, and architectures that earlier sessions gave up are not tried again.
 *
 * @throws FearNasError if no worker can start.
 */
export async function openExecutor(
  { config, executor, location }: RunRequest,
  { engine, setup }: PreparedRun,
): Promise<ReadyExecutor> {
  const quarantine = location.earlier === null ? undefined : quarantinedIn(location.earlier.run)
  if (executor === undefined) {
    const { isolation, workers } = config
    return createExecutor(setup, engine.info, { isolation, workers, quarantine })
  }
  const own = typeof executor === 'function' ? await executor(setup) : executor
  return new RetryingExecutor(withEngine(own, { name: engine.name, ...engine.info }), quarantine)
}

/** An executor does not tell its engine: the run's own is taken for it. */
function withEngine(executor: Executor, engine: ReadyExecutor['engine']): ReadyExecutor {
  return {
    engine,
    workers: executor.workers,
    evaluate: (task) => executor.evaluate(task),
    test: (task) => executor.test(task),
    openChannel: (numbers, tasks) => executor.openChannel(numbers, tasks),
    close: () => executor.close(),
  }
}
