import { createExecutor } from '../execution/create-executor.js'
import type { Executor, WorkerSetup } from '../execution/executor.js'
import { guardedExecutor } from '../execution/guarded-executor.js'
import type { ReadyExecutor } from '../execution/in-process.js'
import { RetryingExecutor } from '../execution/retrying-executor.js'
import { quarantinedIn } from '../journal/quarantined.js'
import { ConfigError, FearNasError } from '../platform/errors.js'
import { messageOf } from '../platform/message-of.js'
import { isObject, named } from './check-arguments.js'
import { hasWorkers, missingInExecutor } from './option-checks.js'
import type { PreparedRun } from './prepare-run.js'
import type { RunRequest } from './run-request.js'

/**
 * The executor of a run, the caller's own or what the configuration asks for. Either way a trial whose worker is lost is
 * tried once more, and architectures that earlier sessions gave up are not tried again.
 *
 * @throws FearNasError if no worker can start; ConfigError if what the caller's function made is no executor.
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
  const own = typeof executor === 'function' ? await madeBy(executor, setup) : executor
  return new RetryingExecutor(guardedExecutor(own, { name: engine.name, ...engine.info }), quarantine)
}

async function madeBy(
  make: (setup: WorkerSetup) => Executor | Promise<Executor>,
  setup: WorkerSetup,
): Promise<Executor> {
  const executor = await attempt(make, setup)
  const problem = problemOf(executor)
  if (problem === null) return executor
  throw new ConfigError(`The option executor made no executor: ${problem}. See docs/library.md.`)
}

async function attempt(
  make: (setup: WorkerSetup) => Executor | Promise<Executor>,
  setup: WorkerSetup,
): Promise<Executor> {
  try {
    return await make(setup)
  } catch (cause) {
    if (cause instanceof FearNasError) throw cause
    throw new FearNasError(`The option executor threw while it made an executor: ${messageOf(cause)}`, { cause })
  }
}

function problemOf(executor: unknown): string | null {
  if (!isObject(executor)) return `got ${named(executor)}`
  const missing = missingInExecutor(executor)
  if (missing !== null) return `it has no function ${missing}`
  if (hasWorkers(executor)) return null
  const { workers } = executor as { readonly workers?: unknown }
  return `its workers must be a whole number of at least 1, got ${named(workers)}`
}
