import { LatencyBook } from '../benchmarks/latency-book.js'
import { latencyMeter } from '../benchmarks/latency-meter.js'
import { moduleNames, modulesOf } from '../config/modules.js'
import type { Config } from '../config/schema/config.js'
import type { Dataset } from '../datasets/dataset.js'
import { loadDataset } from '../datasets/load-dataset.js'
import { chooseEngine } from '../engines/choose-engine.js'
import type { Engine } from '../engines/engine.js'
import { checkIsolation } from '../execution/create-executor.js'
import { crowdingWarning } from '../execution/crowding.js'
import type { WorkerSetup } from '../execution/executor.js'
import { describeDoubled } from '../journal/doubled.js'
import { type Identity, identityOf } from '../journal/identity.js'
import { systemClock } from '../platform/clock.js'
import { moduleHashes } from '../platform/parts/module-file.js'
import { workerParts } from '../platform/parts/part-kind.js'
import { programDigest } from '../platform/program-digest.js'
import { checkData } from './check-data.js'
import type { RunJob } from './job.js'
import { checkAgreement } from './open-run.js'
import { chooseRecordedEngine } from './recorded-engine.js'
import type { RunRequest } from './run-request.js'

/** A run that is checked: its engine and its images are loaded, and nothing is written yet. */
export interface PreparedRun {
  readonly engine: Engine
  readonly dataset: Dataset
  readonly identity: Identity
  /** Every instruction set or GPU that the run was measured on, this session's among them. */
  readonly devices: readonly string[]
  /** What `data check` calls a problem. */
  readonly problems: readonly string[]
  /** SHA-256 of the modules that the configuration names. */
  readonly modules: Readonly<Record<string, string>>
  readonly setup: WorkerSetup
  /** What was measured for `constraints.latency`, and is not in the journal yet. */
  readonly latencies: LatencyBook
}

/** @throws FearNasError if something is wrong with the input. */
export async function prepareRun(request: RunRequest, job: Pick<RunJob<never>, 'setup'>): Promise<PreparedRun> {
  // Threads cannot start in a removed working directory; this throws a clear error first.
  process.cwd()
  const { config, hooks, location } = request
  const { earlier } = location
  const warn = (message: string | null): void => {
    if (message !== null) hooks.onWarning?.(message)
  }
  const doubled = earlier?.run.doubled ?? []
  if (doubled.length > 0) warn(describeDoubled(doubled))
  // Hashed now, just after loading, since they may be edited while the data set is read.
  const modules = moduleHashes(moduleNames(config))
  location.check()
  const choice = await (earlier === null
    ? chooseEngine(request.engine ?? config.engine, { tell: hooks.onWarning })
    : chooseRecordedEngine(config.engine, earlier.directory, earlier.run.sessions, hooks.onWarning))
  const { engine } = choice
  // Workers must run the same program as this process. The engine, which may just have been built, is a part of it.
  programDigest()
  warn(choice.warning)
  warn(crowdingWarning(config.workers, engine.info))
  checkIsolation(config.isolation, engine.info, engine.name)
  const { data, seed } = config
  const dataset = await loadDataset({ ...data, seed }, { onProgress: hooks.onProgress, onWarning: hooks.onWarning })
  const identity = identityOf(dataset, { name: engine.name, ...engine.info })
  const { notes, devices } = checkAgreement(earlier, identity)
  for (const note of notes) warn(note)
  const problems = checkData(request, dataset, engine)
  const latencies = new LatencyBook((space) => latencyMeter(engine, space, systemClock), earlier?.run.latencies)
  const setup = {
    ...(await job.setup(dataset, choice.options, identity, latencies)),
    ...modulesOfWorkers(config, modules),
  }
  return { engine, dataset, identity, devices, problems, modules, setup, latencies }
}

function modulesOfWorkers(config: Config, hashes: PreparedRun['modules']): Pick<WorkerSetup, 'modules'> {
  const named = modulesOf(config).filter(({ kind, module }) => workerParts.includes(kind) && module in hashes)
  if (named.length === 0) return {}
  return { modules: Object.fromEntries(named.map(({ module }) => [module, hashes[module] as string])) }
}
