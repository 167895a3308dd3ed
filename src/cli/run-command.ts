import path from 'node:path'
import { stringify } from 'yaml'
import type { Config } from '../config/schema.js'
import { loadDataset } from '../datasets/load-dataset.js'
import { chooseEngine } from '../engines/choose-engine.js'
import { createExecutor } from '../execution/create-executor.js'
import type { ReplayedRun } from '../journal/replay.js'
import {
  checkRunDirectory,
  createRunDirectory,
  type RunDirectory,
  resumeRunDirectory,
} from '../journal/run-directory.js'
import { systemClock } from '../platform/clock.js'
import { describeHardware } from '../platform/hardware.js'
import { encodeNetwork } from '../reports/network-file.js'
import { createProgressReporter, type ProgressReporter } from '../reports/progress.js'
import { type Summary, summarise } from '../reports/summary.js'
import { renderSummary } from '../reports/table.js'
import { runStudy, workerSetup } from '../studies/index.js'
import { printJson } from './options.js'
import { stopOnSignals } from './signals.js'
import { type StudyCommand, studyOptions } from './study-options.js'

export interface RunOptions {
  readonly command: StudyCommand
  readonly config: Config
  readonly directory: string
  readonly quiet: boolean
  readonly json: boolean
  /** What the journal holds of an earlier session of this run. */
  readonly earlier?: ReplayedRun | undefined
}

/** Runs a study from its configuration to the files in its run directory and the table on the terminal. */
export async function runCommand(options: RunOptions): Promise<void> {
  const progress = createProgressReporter({
    // Standard output is for the result alone when a program reads it.
    stream: options.json ? process.stderr : process.stdout,
    clock: systemClock,
    quiet: options.quiet,
  })
  const signals = stopOnSignals((text) => progress.line(text), options.directory)
  try {
    const summary = await run(options, progress, signals.stop)
    progress.done()
    if (options.json) printJson(summary)
    else process.stdout.write(`${renderSummary(summary)}\n${farewell(options, summary)}\n`)
  } finally {
    progress.done()
    signals.dispose()
  }
}

async function run(options: RunOptions, progress: ProgressReporter, stop: AbortSignal): Promise<Summary> {
  const { command, config, earlier } = options
  // Everything that may be wrong with the input shows before anything is written.
  if (earlier === undefined) checkRunDirectory(options.directory)
  const { engine, warning } = await chooseEngine(config.engine)
  if (warning !== null) process.stderr.write(`${warning}\n`)
  const { data, seed } = config
  const dataset = await loadDataset(
    { ...data, seed },
    { onProgress: (fraction, message) => progress.task(fraction, message) },
  )
  const study = studyOptions(command, config, dataset, engine.name)

  const executor = await createExecutor(workerSetup(study, dataset), engine.info, { workers: config.workers })
  try {
    const hardware = describeHardware()
    const facts = {
      command: `fear-nas ${command}`,
      config,
      hardware,
      engine: executor.engine,
      workers: executor.workers,
      dataset: { name: dataset.name, fingerprint: dataset.fingerprint },
    }
    const directory = await openDirectory(options, facts)
    try {
      progress.line(
        `${data.name} ${dataset.fingerprint}, engine ${engine.name} (${engine.info.device}), run in ${directory.path}`,
      )
      const { result } = await runStudy(
        study,
        {
          executor,
          clock: systemClock,
          journal: directory.journal,
          onEvent: (event) => progress.event(event),
          onBest: (arm, best) => {
            const { weights } = best
            if (weights !== null) directory.write(`best-${arm}.bin`, encodeNetwork(best, weights))
          },
          stop,
        },
        earlier,
      )
      const summary = summarise(facts, result)
      directory.write('summary.json', `${JSON.stringify(summary, null, 2)}\n`)
      await directory.journal.append({ event: 'run.finished', date: systemClock.date(), stopped: result.stopped })
      return summary
    } finally {
      await directory.close()
    }
  } finally {
    await executor.close()
  }
}

async function openDirectory(
  { command, config, directory, earlier }: RunOptions,
  facts: Pick<Summary, 'hardware' | 'engine'>,
): Promise<RunDirectory> {
  const { hardware, engine } = facts
  const about = { date: systemClock.date(), hardware, engine: engine.name }
  if (earlier !== undefined) {
    const resumed = await resumeRunDirectory(directory)
    await resumed.journal.append({ event: 'run.resumed', ...about })
    return resumed
  }
  const created = await createRunDirectory(directory)
  created.write('config.yaml', stringify(config))
  await created.journal.append({ event: 'run.started', schema: 1, command, config, seed: config.seed, ...about })
  return created
}

function farewell({ directory }: RunOptions, { stopped }: Summary): string {
  if (!stopped) return `everything is in ${directory}: summary.json, journal.jsonl, config.yaml, best-*.bin`
  return `stopped early; what is done is kept. Go on with: fear-nas resume ${directory}`
}

/** `results/<config>-<time>`, such as `results/quick-20260131-154500`. */
export function defaultDirectory(configFile: string): string {
  const time = systemClock.date().replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15)
  return path.join('results', `${path.basename(configFile, path.extname(configFile))}-${time}`)
}
