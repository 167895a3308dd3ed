import { awakeClock } from '../platform/awake-clock.js'
import { formatDuration } from '../reports/format.js'
import { renderInTraining } from '../reports/in-training-table.js'
import { renderRanking } from '../reports/ranking-table.js'
import { renderSummary } from '../reports/table.js'
import type { RankingSummary } from '../results/ranking-summary.js'
import type { Summary } from '../results/summary.js'
import type { FinishedRun } from '../runs/run-job.js'
import type { RunHooks } from '../runs/run-request.js'
import { shortfallOf } from '../runs/shortfall.js'
import { LastWords } from './last-words.js'
import { noteRunDirectory } from './lost-output.js'
import { printJson, printNote } from './options.js'
import { writeOut } from './output.js'
import { createProgressReporter } from './progress.js'
import { resultFiles } from './result-files.js'
import { stopOnSignals } from './signals.js'

export interface FollowOptions {
  readonly quiet?: boolean | undefined
  readonly json?: boolean | undefined
  /** Where the run will be, as far as it is known. */
  readonly directory: string
}

/** Exit code of a run that did all of its work without a result. */
const shortfallExitCode = 1

/** Shows how a run goes on the terminal, and stops it by signals. Does not print its result. */
export async function followRun<Finished extends FinishedRun>(
  options: FollowOptions,
  run: (hooks: RunHooks) => Promise<Finished>,
): Promise<Finished> {
  return (await follow(options, run)).finished
}

/** As `followRun`, and prints the result. */
export async function followAndPrint(
  options: FollowOptions,
  run: (hooks: RunHooks) => Promise<FinishedRun>,
): Promise<void> {
  const { finished, lastWords } = await follow(options, run)
  printResult(finished, options, lastWords)
  for (const line of await shortfallOf(finished.summary, finished.store)) noteShortfall(line)
}

/** Says why a run ended without a result, and makes the process exit with code 1. */
export function noteShortfall(line: string): void {
  process.exitCode = shortfallExitCode
  printNote(line)
}

interface Followed<Finished> {
  readonly finished: Finished
  readonly lastWords: LastWords
}

async function follow<Finished>(
  { directory: wanted, json = false, quiet = false }: FollowOptions,
  run: (hooks: RunHooks) => Promise<Finished>,
): Promise<Followed<Finished>> {
  const progress = createProgressReporter({
    // With `--json`, standard output is for the result only.
    stream: json ? process.stderr : process.stdout,
    clock: awakeClock(),
    quiet,
  })
  const forgetSuspensions = awakeClock().onSuspended((seconds) =>
    progress.line(`the run was suspended for ${formatDuration(seconds)}; this time is not counted`),
  )
  let directory = wanted
  const lastWords = new LastWords(() => directory)
  const signals = stopOnSignals(
    (text) => progress.line(text),
    () => {
      progress.done()
      return lastWords.text()
    },
  )
  try {
    const finished = await run({
      signal: signals.stop,
      onWarning: printNote,
      onProgress: (fraction, message) => progress.task(fraction, message),
      onBegun({ dataset, directory: opened, engine }) {
        directory = opened ?? wanted
        noteRunDirectory(directory)
        const where = `engine ${engine.name} (${engine.device}), run in ${directory}`
        progress.line(`${dataset.name} ${dataset.fingerprint}, ${where}`)
      },
      onEvent(event) {
        lastWords.update(event)
        progress.event(event)
      },
    })
    return { finished, lastWords }
  } finally {
    progress.done()
    signals.dispose()
    forgetSuspensions()
  }
}

function printResult({ store, summary }: FinishedRun, { directory, json }: FollowOptions, lastWords: LastWords): void {
  const folder = store.directory ?? directory
  if (json) printJson(summary)
  else writeOut(`${render(summary)}\n`)
  const farewell = summary.stopped
    ? `stopped early; finished trials are kept\n${lastWords.text()}`
    : `files in ${folder}: ${resultFiles(folder).join(', ')}`
  if (!json) writeOut(`${farewell}\n`)
  else if (summary.stopped) printNote(farewell)
}

function render(summary: Summary | RankingSummary): string {
  if (!('methods' in summary)) return renderSummary(summary)
  const { inTraining } = summary
  return [renderRanking(summary), ...(inTraining === null ? [] : [renderInTraining(inTraining)])].join('\n')
}
