import { existsSync } from 'node:fs'
import path from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { loadDataset } from '../datasets/load-dataset.js'
import type { EngineOptions } from '../engines/registry.js'
import { checkGoingOn } from '../journal/check-identity.js'
import { identityOf } from '../journal/identity.js'
import type { JournalEvent } from '../journal/journal-event.js'
import type { ReplayedRun } from '../journal/replay.js'
import { replayJournal } from '../journal/replay-journal.js'
import { journalPath } from '../journal/run-directory.js'
import { checkRunFiles } from '../journal/run-files.js'
import { RunDirectoryError } from '../platform/errors.js'
import { writeFileAtomic } from '../platform/files.js'
import type { SeedPart } from '../platform/rng.js'
import { pathWord } from '../platform/shell.js'
import { renderRepetitions } from '../reports/repetitions-table.js'
import { readSummary } from '../results/recorded-run.js'
import { poolRepetitions } from '../results/repetitions.js'
import type { Summary } from '../results/summary.js'
import { checkCode } from '../runs/code-consent.js'
import { chooseRecordedEngine } from '../runs/recorded-engine.js'
import { printJson } from './options.js'
import { writeError, writeOut } from './output.js'
import { runCommand } from './run-command.js'
import type { RunOptions } from './run-options.js'
import { tellShortfall } from './tell-shortfall.js'

type CompareOptions = RunOptions & { readonly command: 'compare' }

/**
 * Runs a comparison once for each seed, each in its folder `seed-<seed>`, and puts the pooled figures beside them. Given
 * again it goes on where it was: what is finished is read, what was interrupted is resumed.
 *
 * @throws RunDirectoryError if a folder holds a run of another configuration, IdentityError if one was measured on
 * something else than the others would be.
 */
export async function repeatCompare(options: CompareOptions, seeds: readonly SeedPart[]): Promise<void> {
  let folder = options.directory
  const folderOf = (seed: SeedPart): string => path.join(folder, `seed-${seed}`)
  // Made once, with the first run in it.
  let isToBeMade = options.claimDirectory !== undefined
  const claimSeed = (seed: SeedPart): string => {
    if (isToBeMade) folder = options.claimDirectory?.() ?? folder
    isToBeMade = false
    return folderOf(seed)
  }
  if (!isToBeMade && existsSync(journalPath(options.directory))) {
    throw new RunDirectoryError(`${options.directory} holds a single run. Name another folder with --out.`)
  }
  // All folders are looked at before anything runs.
  const earlier = new Map<SeedPart, EarlierRun | null>()
  for (const seed of isToBeMade ? [] : seeds) {
    earlier.set(seed, await earlierRun(folderOf(seed), withSeed(options, seed)))
  }
  const begun = seeds.flatMap((seed) => {
    const run = earlier.get(seed)?.run
    return run === undefined ? [] : [{ directory: folderOf(seed), config: withSeed(options, seed), run }]
  })
  const isDone = seeds.every((seed) => earlier.get(seed)?.summary != null)
  const engine = isDone ? undefined : await engineForMore(options.directory, begun)

  for (const [seed, known] of earlier) {
    if (known?.summary !== null) continue
    checkCode(folderOf(seed), options.config, known.run, { allowed: false, isNamed: true })
  }

  const summaries: Summary[] = []
  for (const seed of seeds) {
    const known = earlier.get(seed) ?? null
    const summary =
      known?.summary ??
      (await runCommand({
        ...options,
        config: withSeed(options, seed),
        directory: folderOf(seed),
        engine,
        claimDirectory: isToBeMade ? () => claimSeed(seed) : undefined,
        earlier: known?.run,
        silent: true,
      }))
    if (summary.stopped) {
      writeError(`stopped early; what is done is kept. Go on with the same command and --out ${pathWord(folder)}\n`)
      return
    }
    await tellShortfall(folderOf(seed), summary, `seed ${seed}: `)
    summaries.push(summary)
  }
  const pooled = poolRepetitions(summaries)
  const file = path.join(folder, 'summary.json')
  writeFileAtomic(file, `${JSON.stringify(pooled, null, 2)}\n`)
  if (options.json) printJson(pooled)
  else writeOut(`${renderRepetitions(pooled)}\neverything is in ${folder}: summary.json, seed-*\n`)
}

function withSeed({ config }: CompareOptions, seed: SeedPart): CompareOptions['config'] {
  return { ...config, seed }
}

interface Repetition {
  readonly directory: string
  readonly config: CompareOptions['config']
  readonly run: ReplayedRun
}

/**
 * The engine with which more repetitions go beside those that have begun; undefined if none has.
 *
 * @throws IdentityError if these were measured on something else than those would be.
 */
async function engineForMore(directory: string, begun: readonly Repetition[]): Promise<EngineOptions | undefined> {
  const [first] = begun
  if (first === undefined) return undefined
  const sessions = begun.flatMap(({ run }) => run.sessions)
  const { engine, options } = await chooseRecordedEngine(first.config.engine, directory, sessions)
  for (const { directory, config, run } of begun) {
    const { data, seed } = config
    // The seed chooses the images, so that each has a fingerprint of its own.
    const dataset = await loadDataset({ ...data, seed })
    checkGoingOn(directory, run.sessions, identityOf(dataset, { name: engine.name, ...engine.info }))
  }
  return options
}

interface EarlierRun {
  readonly run: ReplayedRun
  /** Of a run that has come to its end. */
  readonly summary: Summary | null
}

/** What the folder holds of this very comparison; null if it holds no run. */
async function earlierRun(directory: string, config: CompareOptions['config']): Promise<EarlierRun | null> {
  if (!existsSync(journalPath(directory))) return null
  checkRunFiles(directory)
  const { events, run } = await replayJournal(journalPath(directory))
  // It was killed before it began.
  if (run === null) return null
  // A journal is JSON, which leaves out what is undefined.
  const isSame = isDeepStrictEqual(run.started.config, JSON.parse(JSON.stringify(config)))
  if (run.started.command !== 'compare' || !isSame) {
    throw new RunDirectoryError(`${directory} holds a run of another configuration. Name another folder with --out.`)
  }
  const file = path.join(directory, 'summary.json')
  return { run, summary: isFinished(events) ? finishedSummary(file) : null }
}

function isFinished(events: readonly JournalEvent[]): boolean {
  const last = events.at(-1)
  return last?.event === 'run.finished' && !last.stopped
}

/** @throws RunDirectoryError if it is not that of a comparison. */
function finishedSummary(file: string): Summary {
  const summary = readSummary(file)
  if (!('methods' in summary)) return summary
  throw new RunDirectoryError(`${file} is of a ranking, and not of the comparison beside it. Restore it.`)
}
