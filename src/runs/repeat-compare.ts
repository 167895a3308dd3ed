import { existsSync } from 'node:fs'
import path from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { Config } from '../config/schema/config.js'
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
import { placing, worded } from '../platform/wording.js'
import { readRecordedRun, readSummary } from '../results/recorded-run.js'
import { poolRepetitions, type RepetitionsSummary } from '../results/repetitions.js'
import { fellShort, shortfalls } from '../results/shortfalls.js'
import type { Summary } from '../results/summary.js'
import { checkCode } from './code-consent.js'
import { chooseRecordedEngine } from './recorded-engine.js'
import type { FinishedRun } from './run-job.js'
import { claimedDirectory, earlierDirectory, newDirectory, type RunLocation } from './run-location.js'
import type { RunRequest } from './run-request.js'

/** A comparison that is to be run once for each of several seeds. */
export interface RepeatedCompare extends Omit<RunRequest<'compare'>, 'engine' | 'location'> {
  /** Holds a folder `seed-<seed>` for each. */
  readonly folder: string
  /** Makes the folder when the first run begins; absent: it may be there, with some of the runs. */
  readonly claim?: (() => string) | undefined
  readonly seeds: readonly SeedPart[]
  /** Runs one of them. */
  run(request: RunRequest<'compare'>): Promise<Pick<FinishedRun<Summary>, 'summary'>>
  /** Told why a run ended without a network for one of its arms. */
  onShortfall(message: string): void
}

export interface RepeatedRuns {
  readonly folder: string
  /** Null if a run was stopped; the same call goes on where it was. */
  readonly summary: RepetitionsSummary | null
}

/**
 * Runs a comparison once per seed, each in its folder `seed-<seed>`, and writes the pooled figures. If repeated it
 * continues: finished runs are read, interrupted ones are resumed.
 *
 * @throws RunDirectoryError if a folder holds a run of another configuration, IdentityError if one was measured with
 * another identity than the others.
 */
export async function repeatCompare(options: RepeatedCompare): Promise<RepeatedRuns> {
  const { claim, config, seeds } = options
  let { folder } = options
  const folderOf = (seed: SeedPart): string => path.join(folder, `seed-${seed}`)
  // Created with the first run.
  let isToBeMade = claim !== undefined
  const claimSeed = (seed: SeedPart): string => {
    if (isToBeMade) folder = claim?.() ?? folder
    isToBeMade = false
    return folderOf(seed)
  }
  if (!isToBeMade && existsSync(journalPath(folder))) {
    throw new RunDirectoryError(worded`${folder} holds a single run. Name another folder with ${placing()}.`)
  }
  // All folders are checked before anything runs.
  const earlier = new Map<SeedPart, EarlierRun | null>()
  for (const seed of isToBeMade ? [] : seeds) {
    earlier.set(seed, await earlierRun(folderOf(seed), { ...config, seed }))
  }
  const begun = seeds.flatMap((seed) => {
    const run = earlier.get(seed)?.run
    return run === undefined ? [] : [{ directory: folderOf(seed), config: { ...config, seed }, run }]
  })
  const isDone = seeds.every((seed) => earlier.get(seed)?.summary != null)
  const engine = isDone ? undefined : await engineForMore(folder, begun)

  for (const [seed, known] of earlier) {
    if (known?.summary !== null) continue
    checkCode(folderOf(seed), config, known.run, { allowed: false, isNamed: true })
  }
  const locationOf = (seed: SeedPart): RunLocation => {
    const directory = folderOf(seed)
    const run = earlier.get(seed)?.run
    if (run !== undefined) return earlierDirectory({ directory, run })
    return isToBeMade ? claimedDirectory(directory, () => claimSeed(seed)) : newDirectory(directory)
  }
  const { command, executor, hooks, source } = options
  const summaries: Summary[] = []
  for (const seed of seeds) {
    const request = { command, executor, hooks, source, engine, config: { ...config, seed } }
    const summary =
      earlier.get(seed)?.summary ?? (await options.run({ ...request, location: locationOf(seed) })).summary
    if (summary.stopped) return { folder, summary: null }
    if (fellShort(summary)) {
      const reasons = shortfalls(await readRecordedRun(folderOf(seed)))
      for (const reason of reasons) options.onShortfall(`seed ${seed}: ${reason}`)
    }
    summaries.push(summary)
  }
  const summary = poolRepetitions(summaries)
  writeFileAtomic(path.join(folder, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`)
  return { folder, summary }
}

interface Repetition {
  readonly directory: string
  readonly config: Config
  readonly run: ReplayedRun
}

/**
 * The engine for further repetitions, the same as in existing ones; undefined if there are none.
 *
 * @throws IdentityError if existing ones were measured with another identity.
 */
async function engineForMore(directory: string, begun: readonly Repetition[]): Promise<EngineOptions | undefined> {
  const [first] = begun
  if (first === undefined) return undefined
  const sessions = begun.flatMap(({ run }) => run.sessions)
  const { engine, options } = await chooseRecordedEngine(first.config.engine, directory, sessions)
  for (const { directory, config, run } of begun) {
    const { data, seed } = config
    // The seed chooses the images, so each repetition has its own fingerprint.
    const dataset = await loadDataset({ ...data, seed })
    checkGoingOn(directory, run.sessions, identityOf(dataset, { name: engine.name, ...engine.info }))
  }
  return options
}

interface EarlierRun {
  readonly run: ReplayedRun
  /** The summary of a finished run. */
  readonly summary: Summary | null
}

/** The earlier run of this comparison in the folder; null if there is none. */
async function earlierRun(directory: string, config: Config): Promise<EarlierRun | null> {
  if (!existsSync(journalPath(directory))) return null
  checkRunFiles(directory)
  const { events, run } = await replayJournal(journalPath(directory))
  // It was killed before its first record.
  if (run === null) return null
  // A journal is JSON, which omits undefined values.
  const isSame = isDeepStrictEqual(run.started.config, JSON.parse(JSON.stringify(config)))
  if (run.started.command !== 'compare' || !isSame) {
    throw new RunDirectoryError(
      worded`${directory} holds a run of another configuration. Name another folder with ${placing()}.`,
    )
  }
  const file = path.join(directory, 'summary.json')
  return { run, summary: isFinished(events) ? finishedSummary(file) : null }
}

function isFinished(events: readonly JournalEvent[]): boolean {
  const last = events.at(-1)
  return last?.event === 'run.finished' && !last.stopped
}

/** @throws RunDirectoryError if it is not the summary of a comparison. */
function finishedSummary(file: string): Summary {
  const summary = readSummary(file)
  if (!('methods' in summary)) return summary
  throw new RunDirectoryError(`${file} belongs to a ranking, not to the comparison in the same folder. Restore it.`)
}
