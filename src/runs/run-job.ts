import type { WorkerSetup } from '../execution/executor.js'
import { checkSameEngine } from '../execution/worker-code.js'
import { awakeClock } from '../platform/awake-clock.js'
import { systemClock } from '../platform/clock.js'
import { describeHardware } from '../platform/hardware.js'
import type { RankingSummary } from '../results/ranking-summary.js'
import type { RunFacts, Summary } from '../results/summary.js'
import { closeQuietly } from './close-quietly.js'
import { drawReport } from './draw-report.js'
import type { JobResult, RunJob } from './job.js'
import { Listeners } from './listeners.js'
import { openRun } from './open-run.js'
import { type PreparedRun, prepareRun } from './prepare-run.js'
import { openExecutor } from './run-executor.js'
import type { RunCommand, RunHooks, RunRequest } from './run-request.js'
import type { RunStore } from './run-store.js'

/** A run whose files are written. */
export interface FinishedRun<S extends Summary | RankingSummary = Summary | RankingSummary> extends JobResult<S> {
  /** Closed; its files can be read. */
  readonly store: RunStore
  readonly setup: WorkerSetup
}

/**
 * Runs a job from its configuration to the files of its directory. All input problems must be reported before anything
 * is written.
 *
 * @throws FearNasError with exit code 2 if the input is wrong; RunWriteError where the disk is; the first error of a
 * listener, when all that has run is recorded.
 */
export async function runJob<Command extends RunCommand, S extends Summary | RankingSummary>(
  { hooks, ...given }: RunRequest<Command>,
  jobOf: (request: RunRequest<Command>) => RunJob<S>,
): Promise<FinishedRun<S>> {
  const listeners = new Listeners(hooks)
  const request = { ...given, hooks: listeners.hooks }
  const job = jobOf(request)
  const prepared = await prepareRun(request, job)
  // Nothing is written yet.
  listeners.check()
  const run = await runPrepared(request, job, prepared)
  await listeners.settle()
  return run
}

async function runPrepared<S extends Summary | RankingSummary>(
  request: RunRequest,
  job: RunJob<S>,
  prepared: PreparedRun,
): Promise<FinishedRun<S>> {
  const { setup } = prepared
  const executor = await openExecutor(request, prepared)
  try {
    checkSameEngine(prepared.identity.engine, executor.engine)
    const facts = factsOf(request, prepared, executor)
    const { store, known } = await openRun(request, facts.hardware, prepared.identity, prepared.modules)
    try {
      prepared.latencies.recordWith((architecture, seconds) => {
        // A journal that cannot be written ends the run with its next event.
        store.journal.append({ event: 'latency.measured', architecture, seconds }).catch(() => {})
      })
      tellBegun(request.hooks, store, prepared)
      const services = {
        executor,
        clock: awakeClock(),
        journal: store.journal,
        onEvent: request.hooks.onEvent,
        stop: request.hooks.signal,
        latency: prepared.latencies.meterOf(setup.space),
      }
      const result = await job.run({ setup, facts, store, earlier: known, services })
      const { summary } = result
      store.write('summary.json', `${JSON.stringify(summary, null, 2)}\n`)
      await store.journal.append({ event: 'run.finished', date: systemClock.date(), stopped: summary.stopped })
      await drawReport(store.directory, request.hooks)
      await store.close()
      await executor.close()
      return { ...result, store, setup }
    } catch (error) {
      await closeQuietly(store)
      throw error
    }
  } catch (error) {
    await closeQuietly(executor)
    throw error
  }
}

function factsOf(
  { command, config }: RunRequest,
  { dataset, devices, identity, problems, setup }: PreparedRun,
  { engine, workers }: Pick<RunFacts, 'engine' | 'workers'>,
): RunFacts {
  const { test, train, validation } = dataset
  return {
    command: `fear-nas ${command}`,
    config,
    hardware: describeHardware(),
    engine,
    workers,
    dataset: { ...identity.data, train: train.count, validation: validation.count, test: test.count, problems },
    space: setup.space,
    ...(devices.length > 1 && { devices }),
  }
}

function tellBegun({ onBegun }: RunHooks, { directory }: RunStore, { dataset, engine }: PreparedRun): void {
  const { fingerprint, name } = dataset
  onBegun?.({ directory, dataset: { name, fingerprint }, engine: { name: engine.name, device: engine.info.device } })
}
