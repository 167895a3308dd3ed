import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { JournalEvent } from '../journal/journal-event.js'
import { readJournal } from '../journal/read-journal.js'
import { type ReplayedRun, replay } from '../journal/replay.js'
import { journalPath } from '../journal/run-directory.js'
import { RunDirectoryError } from '../platform/errors.js'
import { writeFileAtomic } from '../platform/files.js'
import type { SeedPart } from '../platform/rng.js'
import { poolRepetitions } from '../reports/repetitions.js'
import { renderRepetitions } from '../reports/repetitions-table.js'
import type { Summary } from '../reports/summary.js'
import { printJson } from './options.js'
import { runCommand } from './run-command.js'
import type { RunOptions } from './run-job.js'
import { tellShortfall } from './tell-shortfall.js'

type CompareOptions = RunOptions & { readonly command: 'compare' }

/**
 * Runs a comparison once for each seed, each in its folder `seed-<seed>`, and puts the pooled figures beside them. Given
 * again it goes on where it was: what is finished is read, what was interrupted is resumed.
 *
 * @throws RunDirectoryError if a folder holds a run of another configuration.
 */
export async function repeatCompare(options: CompareOptions, seeds: readonly SeedPart[]): Promise<void> {
  const folderOf = (seed: SeedPart): string => path.join(options.directory, `seed-${seed}`)
  if (existsSync(journalPath(options.directory))) {
    throw new RunDirectoryError(`${options.directory} holds a single run. Name another folder with --out.`)
  }
  // All folders are looked at before anything runs.
  const earlier = new Map<SeedPart, EarlierRun | null>()
  for (const seed of seeds) earlier.set(seed, await earlierRun(folderOf(seed), withSeed(options, seed)))

  const summaries: Summary[] = []
  for (const seed of seeds) {
    const known = earlier.get(seed) ?? null
    const directory = folderOf(seed)
    const summary =
      known?.summary ??
      (await runCommand({
        ...options,
        config: withSeed(options, seed),
        directory,
        earlier: known?.run,
        silent: true,
      }))
    if (summary.stopped) {
      process.stderr.write(
        `stopped early; what is done is kept. Go on with the same command and --out ${options.directory}\n`,
      )
      return
    }
    await tellShortfall(directory, summary, `seed ${seed}: `)
    summaries.push(summary)
  }
  const pooled = poolRepetitions(summaries)
  const file = path.join(options.directory, 'summary.json')
  writeFileAtomic(file, `${JSON.stringify(pooled, null, 2)}\n`)
  if (options.json) printJson(pooled)
  else
    process.stdout.write(`${renderRepetitions(pooled)}\neverything is in ${options.directory}: summary.json, seed-*\n`)
}

function withSeed({ config }: CompareOptions, seed: SeedPart): CompareOptions['config'] {
  return { ...config, seed }
}

interface EarlierRun {
  readonly run: ReplayedRun
  /** Of a run that has come to its end. */
  readonly summary: Summary | null
}

/** What the folder holds of this very comparison; null if it holds no run. */
async function earlierRun(directory: string, config: CompareOptions['config']): Promise<EarlierRun | null> {
  if (!existsSync(journalPath(directory))) return null
  const { events } = await readJournal(journalPath(directory))
  const run = replay(events)
  // It was killed before it began.
  if (run === null) return null
  // A journal is JSON, which leaves out what is undefined.
  const isSame = isDeepStrictEqual(run.started.config, JSON.parse(JSON.stringify(config)))
  if (run.started.command !== 'compare' || !isSame) {
    throw new RunDirectoryError(`${directory} holds a run of another configuration. Name another folder with --out.`)
  }
  const file = path.join(directory, 'summary.json')
  return { run, summary: isFinished(events) ? (JSON.parse(readFileSync(file, 'utf8')) as Summary) : null }
}

function isFinished(events: readonly JournalEvent[]): boolean {
  const last = events.at(-1)
  return last?.event === 'run.finished' && !last.stopped
}
