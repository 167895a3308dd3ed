import { moduleNames } from '../config/modules.js'
import type { Dataset } from '../datasets/dataset.js'
import { loadDataset } from '../datasets/load-dataset.js'
import { chooseEngine } from '../engines/choose-engine.js'
import type { EngineOptions } from '../engines/registry.js'
import { checkIsolation, createExecutor } from '../execution/create-executor.js'
import { crowdingWarning } from '../execution/crowding.js'
import type { WorkerSetup } from '../execution/executor.js'
import { checkSameEngine } from '../execution/worker-code.js'
import { type Identity, identityOf } from '../journal/identity.js'
import { quarantinedIn } from '../journal/quarantined.js'
import type { ReplayedRun } from '../journal/replay.js'
import { checkNewDirectory, checkRunDirectory, type RunDirectory } from '../journal/run-directory.js'
import { awakeClock } from '../platform/awake-clock.js'
import { systemClock } from '../platform/clock.js'
import { describeHardware } from '../platform/hardware.js'
import { moduleHashes } from '../platform/parts/module-file.js'
import { programDigest } from '../platform/program-digest.js'
import { formatDuration } from '../reports/format.js'
import type { RankingSummary } from '../results/ranking-summary.js'
import type { RunFacts, Summary } from '../results/summary.js'
import { closeQuietly } from '../runs/close-quietly.js'
import { chooseRecordedEngine } from '../runs/recorded-engine.js'
import type { SearchEvent } from '../search/search-event.js'
import type { StudyServices } from '../studies/index.js'
import { checkData } from './check-data.js'
import { drawReport } from './draw-report.js'
import { LastWords } from './last-words.js'
import { noteRunDirectory } from './lost-output.js'
import { checkAgreement, openRun } from './open-run.js'
import { printJson } from './options.js'
import { writeError, writeOut } from './output.js'
import { createProgressReporter, type ProgressReporter } from './progress.js'
import { resultFiles } from './result-files.js'
import type { RunOptions } from './run-options.js'
import { stopOnSignals } from './signals.js'
import { tellShortfall } from './tell-shortfall.js'

/** What a job finds when it starts: an open run directory and workers that have loaded their engine. */
export interface RunSession {
  readonly setup: WorkerSetup
  readonly facts: RunFacts
  readonly directory: RunDirectory
  /** What earlier sessions of the run did. */
  readonly earlier: ReplayedRun | null
  /** Executor, clock, journal, progress and the request to stop. */
  readonly services: StudyServices
}

/** What a command does between opening its run directory and writing `summary.json`. */
export interface RunJob<S extends Summary | RankingSummary> {
  /** What the workers need to know of a data set. Whatever may still be wrong with the input is thrown here. */
  setup(dataset: Dataset, engine: EngineOptions, identity: Identity): WorkerSetup | Promise<WorkerSetup>
  run(session: RunSession): Promise<S>
  /** The summary for a terminal. */
  render(summary: S): string
}

/** Who is told of a run, and who may stop it. */
interface Followers extends Pick<StudyServices, 'onEvent'> {
  readonly progress: ProgressReporter
  readonly stop: AbortSignal
  /** Told where the run is, once it has begun. */
  onDirectory(directory: string): void
}

/** Runs a job from its configuration to the files in its run directory and the table on the terminal; gives its summary. */
export async function runJob<S extends Summary | RankingSummary>(options: RunOptions, job: RunJob<S>): Promise<S> {
  // Threads cannot start in a working directory that was removed: this throws what says so.
  process.cwd()
  const progress = createProgressReporter({
    // Standard output is for the result alone when a program reads it.
    stream: options.json ? process.stderr : process.stdout,
    clock: awakeClock(),
    quiet: options.quiet,
  })
  const forgetSuspensions = awakeClock().onSuspended((seconds) =>
    progress.line(`the run was suspended for ${formatDuration(seconds)}, which are not counted`),
  )
  let { directory } = options
  const lastWords = new LastWords(() => directory)
  const onDirectory = (opened: string): void => {
    directory = opened
    noteRunDirectory(opened)
  }
  const signals = stopOnSignals(
    (text) => progress.line(text),
    () => {
      progress.done()
      return lastWords.text()
    },
  )
  const onEvent = (event: SearchEvent): void => {
    lastWords.update(event)
    progress.event(event)
  }
  try {
    const summary = await run(options, job, { progress, onEvent, stop: signals.stop, onDirectory })
    progress.done()
    if (!options.silent) {
      printResult(summary, { ...options, directory }, job, lastWords)
      await tellShortfall(directory, summary)
    }
    return summary
  } finally {
    progress.done()
    signals.dispose()
    forgetSuspensions()
  }
}

function printResult<S extends Summary | RankingSummary>(
  summary: S,
  { directory, json }: Pick<RunOptions, 'directory' | 'json'>,
  job: RunJob<S>,
  lastWords: LastWords,
): void {
  if (json) printJson(summary)
  else writeOut(`${job.render(summary)}\n`)
  const farewell = summary.stopped
    ? `stopped early; what is done is kept\n${lastWords.text()}`
    : `everything is in ${directory}: ${resultFiles(directory).join(', ')}`
  if (!json) writeOut(`${farewell}\n`)
  else if (summary.stopped) writeError(`${farewell}\n`)
}

async function run<S extends Summary | RankingSummary>(
  options: RunOptions,
  job: RunJob<S>,
  { progress, onEvent, stop, onDirectory }: Followers,
): Promise<S> {
  const { command, config, earlier } = options
  // Before anything else is loaded: workers must run what this process does.
  programDigest()
  // As they are now, when they have just been loaded: they may be edited while the data set is read.
  const modules = moduleHashes(moduleNames(config))
  // Everything that may be wrong with the input shows before anything is written.
  if (options.claimDirectory !== undefined) checkNewDirectory(options.directory)
  else if (earlier === undefined) checkRunDirectory(options.directory)
  const {
    engine,
    options: engineOptions,
    warning,
  } = await (earlier === undefined
    ? chooseEngine(options.engine ?? config.engine)
    : chooseRecordedEngine(config.engine, options.directory, earlier.sessions))
  for (const text of [warning, crowdingWarning(config.workers, engine.info)]) {
    if (text !== null) writeError(`${text}\n`)
  }
  checkIsolation(config.isolation, engine.info, engine.name)
  const { data, seed } = config
  const dataset = await loadDataset(
    { ...data, seed },
    {
      onProgress: (fraction, message) => progress.task(fraction, message),
      onWarning: (message) => writeError(`${message}\n`),
    },
  )
  const identity = identityOf(dataset, { name: engine.name, ...engine.info })
  const { notes, devices } = checkAgreement(options, identity, earlier)
  for (const note of notes) writeError(`${note}\n`)
  const problems = checkData(options, dataset, engine)
  const setup = await job.setup(dataset, engineOptions, identity)

  const executor = await createExecutor(setup, engine.info, {
    workers: config.workers,
    isolation: config.isolation,
    quarantine: earlier && quarantinedIn(earlier),
  })
  try {
    checkSameEngine(identity.engine, executor.engine)
    const facts: RunFacts = {
      command: `fear-nas ${command}`,
      config,
      hardware: describeHardware(),
      engine: executor.engine,
      workers: executor.workers,
      dataset: {
        ...identity.data,
        train: dataset.train.count,
        validation: dataset.validation.count,
        test: dataset.test.count,
        problems,
      },
      space: setup.space,
      ...(devices.length > 1 && { devices }),
    }
    const { directory, known } = await openRun(options, facts.hardware, identity, modules)
    onDirectory(directory.path)
    try {
      progress.line(
        `${data.name} ${dataset.fingerprint}, engine ${engine.name} (${engine.info.device}), run in ${directory.path}`,
      )
      const summary = await job.run({
        setup,
        facts,
        directory,
        earlier: known,
        services: {
          executor,
          clock: awakeClock(),
          journal: directory.journal,
          onEvent,
          stop,
        },
      })
      directory.write('summary.json', `${JSON.stringify(summary, null, 2)}\n`)
      await directory.journal.append({ event: 'run.finished', date: systemClock.date(), stopped: summary.stopped })
      await drawReport(directory.path)
      await directory.close()
      await executor.close()
      return summary
    } catch (error) {
      await closeQuietly(directory)
      throw error
    }
  } catch (error) {
    await closeQuietly(executor)
    throw error
  }
}
