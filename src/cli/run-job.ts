import path from 'node:path'
import { stringify } from 'yaml'
import type { Config } from '../config/schema/config.js'
import type { Dataset } from '../datasets/dataset.js'
import { loadDataset } from '../datasets/load-dataset.js'
import { chooseEngine } from '../engines/choose-engine.js'
import type { EngineName } from '../engines/engine.js'
import { checkIsolation, createExecutor } from '../execution/create-executor.js'
import type { WorkerSetup } from '../execution/executor.js'
import type { RunStarted } from '../journal/journal-event.js'
import { quarantinedIn } from '../journal/quarantined.js'
import type { ReplayedRun } from '../journal/replay.js'
import { replayJournal } from '../journal/replay-journal.js'
import {
  checkRunDirectory,
  createRunDirectory,
  type RunDirectory,
  resumeRunDirectory,
} from '../journal/run-directory.js'
import { systemClock } from '../platform/clock.js'
import { describeHardware } from '../platform/hardware.js'
import { createProgressReporter, type ProgressReporter } from '../reports/progress.js'
import type { RunFacts } from '../reports/summary.js'
import type { SearchEvent } from '../search/search-event.js'
import type { StudyServices } from '../studies/index.js'
import { checkData, type Refuse } from './check-data.js'
import { drawReport } from './draw-report.js'
import { LastWords } from './last-words.js'
import { printJson } from './options.js'
import { stopOnSignals } from './signals.js'

export interface RunOptions {
  readonly command: RunStarted['command']
  readonly config: Config
  /** Where it was read from; for people. */
  readonly configFile?: string | undefined
  readonly directory: string
  readonly quiet: boolean
  readonly json: boolean
  /** Whether the result is left to the caller to print. */
  readonly silent?: boolean
  /** What the journal holds of an earlier session of this run. */
  readonly earlier?: ReplayedRun | undefined
  /** Whether `config` is another one than that session's. */
  readonly extended?: boolean | undefined
  /** The error for settings that are wrong, with their places in the file they were read from; absent: names alone. */
  readonly refuse?: Refuse | undefined
}

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
export interface RunJob<S extends { readonly stopped: boolean }> {
  /** What the workers need to know of a data set. Whatever may still be wrong with the input is thrown here. */
  setup(dataset: Dataset, engine: EngineName): WorkerSetup | Promise<WorkerSetup>
  run(session: RunSession): Promise<S>
  /** The summary for a terminal. */
  render(summary: S): string
  /** The files that the run directory then holds, in words. */
  readonly files: string
}

/** Who is told of a run, and who may stop it. */
interface Followers extends Pick<StudyServices, 'onEvent'> {
  readonly progress: ProgressReporter
  readonly stop: AbortSignal
}

/** Runs a job from its configuration to the files in its run directory and the table on the terminal; gives its summary. */
export async function runJob<S extends { readonly stopped: boolean }>(options: RunOptions, job: RunJob<S>): Promise<S> {
  const progress = createProgressReporter({
    // Standard output is for the result alone when a program reads it.
    stream: options.json ? process.stderr : process.stdout,
    clock: systemClock,
    quiet: options.quiet,
  })
  const lastWords = new LastWords(options.directory)
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
    const summary = await run(options, job, { progress, onEvent, stop: signals.stop })
    progress.done()
    if (options.silent) return summary
    if (options.json) printJson(summary)
    else process.stdout.write(`${job.render(summary)}\n`)
    const farewell = summary.stopped
      ? `stopped early; what is done is kept\n${lastWords.text()}`
      : `everything is in ${options.directory}: ${job.files}`
    if (!options.json) process.stdout.write(`${farewell}\n`)
    else if (summary.stopped) process.stderr.write(`${farewell}\n`)
    return summary
  } finally {
    progress.done()
    signals.dispose()
  }
}

async function run<S extends { readonly stopped: boolean }>(
  options: RunOptions,
  job: RunJob<S>,
  { progress, onEvent, stop }: Followers,
): Promise<S> {
  const { command, config } = options
  // Everything that may be wrong with the input shows before anything is written.
  if (options.earlier === undefined) checkRunDirectory(options.directory)
  const { engine, warning } = await chooseEngine(config.engine)
  if (warning !== null) process.stderr.write(`${warning}\n`)
  checkIsolation(config.isolation, engine.info, engine.name)
  const { data, seed } = config
  const dataset = await loadDataset(
    { ...data, seed },
    {
      onProgress: (fraction, message) => progress.task(fraction, message),
      onWarning: (message) => process.stderr.write(`${message}\n`),
    },
  )
  const problems = checkData(options, dataset, engine)
  const setup = await job.setup(dataset, engine.name)

  const executor = await createExecutor(setup, engine.info, {
    workers: config.workers,
    isolation: config.isolation,
    quarantine: options.earlier && quarantinedIn(options.earlier),
  })
  try {
    const facts: RunFacts = {
      command: `fear-nas ${command}`,
      config,
      hardware: describeHardware(),
      engine: executor.engine,
      workers: executor.workers,
      dataset: {
        name: dataset.name,
        fingerprint: dataset.fingerprint,
        train: dataset.train.count,
        validation: dataset.validation.count,
        test: dataset.test.count,
        problems,
      },
      space: setup.space,
    }
    const { directory, earlier } = await openDirectory(options, facts)
    try {
      progress.line(
        `${data.name} ${dataset.fingerprint}, engine ${engine.name} (${engine.info.device}), run in ${directory.path}`,
      )
      const summary = await job.run({
        setup,
        facts,
        directory,
        earlier,
        services: {
          executor,
          clock: systemClock,
          journal: directory.journal,
          onEvent,
          stop,
        },
      })
      directory.write('summary.json', `${JSON.stringify(summary, null, 2)}\n`)
      await directory.journal.append({ event: 'run.finished', date: systemClock.date(), stopped: summary.stopped })
      await drawReport(directory.path)
      return summary
    } finally {
      await directory.close()
    }
  } finally {
    await executor.close()
  }
}

async function openDirectory(
  { command, config, configFile, directory, earlier, extended }: RunOptions,
  facts: Pick<RunFacts, 'hardware' | 'engine'>,
): Promise<Pick<RunSession, 'directory' | 'earlier'>> {
  const { hardware, engine } = facts
  const about = { date: systemClock.date(), hardware, engine: engine.name }
  const opened = await (earlier === undefined ? createRunDirectory(directory) : resumeRunDirectory(directory))
  try {
    // Read again under the lock: the run may have gone on since, in the process that held it.
    const known = earlier && (await replayJournal(opened.file('journal.jsonl'))).run
    if (earlier === undefined) opened.write('config.yaml', stringify(config))
    await opened.journal.append(
      earlier === undefined
        ? { event: 'run.started', schema: 1, command, configFile, config, seed: config.seed, ...about }
        : { event: 'run.resumed', ...about, ...(extended && { config }) },
    )
    // After the journal, which is what counts where the process dies in between.
    if (extended) opened.write('config.yaml', stringify(config))
    return { directory: opened, earlier: known ?? null }
  } catch (error) {
    await opened.close().catch(() => {})
    throw error
  }
}

/** `results/<config>-<time>`, such as `results/quick-20260131-154500`. */
export function defaultDirectory(configFile: string): string {
  const time = systemClock.date().replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15)
  return path.join('results', `${path.basename(configFile, path.extname(configFile))}-${time}`)
}
