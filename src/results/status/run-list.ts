import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { journalFile } from '../../journal/run-directory.js'
import { holdsTraining } from '../../journal/training-directory.js'
import type { Clock } from '../../platform/clock.js'
import { FearNasError, RunDirectoryError } from '../../platform/errors.js'
import { readEndedRun, recordedSpeedup } from './ended-run.js'
import type { Planner } from './planned-arm.js'
import { type RunState, readRunStatus } from './run-status.js'
import { readTrainingStatus } from './training-status.js'

/** A run or a training in a list. Unknown values are null, and so are arms and trials of a training, which has none. */
export interface ListedRun {
  readonly directory: string
  /** When it began, ISO 8601. */
  readonly date: string | null
  readonly command: string | null
  /** The name of the configuration file. */
  readonly config: string | null
  /** `broken`: the folder or journal cannot be read; `error` has the reason. */
  readonly state: RunState | 'broken'
  readonly error: string | null
  readonly arms: number | null
  /** Number of finished trials, of all arms. */
  readonly trials: number | null
  /** Best test accuracy of all arms, in 0..1. */
  readonly testAccuracy: number | null
  /** Speed-up in compute time of the first comparison. */
  readonly speedup: number | null
}

/**
 * All runs and trainings in a folder, newest first: the folder itself, its folders, and the repetitions (`seed-*`) in those.
 * Unreadable runs are listed last, as broken.
 *
 * @throws RunDirectoryError if it is not a folder.
 */
export async function listRuns(folder: string, planner: Planner, clock: Clock): Promise<readonly ListedRun[]> {
  const { folders, broken } = foldersUnder(folder)
  const runs = [...broken]
  for (const directory of folders) {
    if (journalFile(directory) !== null) {
      runs.push(await listed(directory, async () => endedRun(directory) ?? (await anyRun(directory, planner, clock))))
    } else if (holdsTraining(directory)) runs.push(await listed(directory, async () => training(directory, clock)))
  }
  return runs.toSorted((a, b) => compare(b.date ?? '', a.date ?? '') || compare(a.directory, b.directory))
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Folders that may hold runs, and folders that cannot be read. */
interface Folders {
  readonly folders: readonly string[]
  readonly broken: readonly ListedRun[]
}

/** @throws RunDirectoryError if it is not a readable folder. */
function foldersUnder(folder: string): Folders {
  const all: string[] = [folder]
  const broken: ListedRun[] = []
  const inside = namesIn(folder)
  if (inside instanceof Error) {
    throw new RunDirectoryError(
      `${folder} is not a readable folder (${codeOf(inside)}). Name the folder of your runs.`,
      { cause: inside },
    )
  }
  for (const file of inside) {
    const names = folderNames(file)
    if (names === null) continue
    if (names instanceof Error) {
      broken.push(brokenRun(file, `${file} cannot be read (${names.message})`))
      continue
    }
    all.push(file)
    for (const repetition of names.filter((name) => path.basename(name).startsWith('seed-'))) {
      const isFolder = isFolderAt(repetition)
      if (isFolder instanceof Error)
        broken.push(brokenRun(repetition, `${repetition} cannot be read (${isFolder.message})`))
      else if (isFolder) all.push(repetition)
    }
  }
  return { folders: all, broken }
}

/** The entries of a folder; null if it is not a folder, and the system's error if it cannot be read. */
function folderNames(file: string): readonly string[] | Error | null {
  const isFolder = isFolderAt(file)
  if (isFolder instanceof Error) return isFolder
  return isFolder ? namesIn(file) : null
}

function namesIn(folder: string): readonly string[] | Error {
  try {
    return readdirSync(folder).map((name) => path.join(folder, name))
  } catch (error) {
    return systemError(error)
  }
}

/** A dangling link is not a folder; a link to itself is an error. */
function isFolderAt(file: string): boolean | Error {
  try {
    return statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false
  } catch (error) {
    return systemError(error)
  }
}

function systemError(error: unknown): Error {
  if (codeOf(error) === undefined) throw error
  return error as Error
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code
}

async function listed(directory: string, read: () => Promise<ListedRun>): Promise<ListedRun> {
  try {
    return await read()
  } catch (error) {
    // A damaged or unreadable journal or record; the others are still listed.
    if (!(error instanceof FearNasError) && codeOf(error) === undefined) throw error
    return brokenRun(directory, (error as Error).message)
  }
}

function endedRun(directory: string): ListedRun | null {
  const run = readEndedRun(journalFile(directory) ?? '', summaryOf(directory))
  if (run === null) return null
  const { started, ...figures } = run
  const { command, configFile, date } = started
  return {
    directory,
    date,
    command,
    config: configOf(directory, configFile),
    state: 'finished',
    error: null,
    ...figures,
  }
}

async function anyRun(directory: string, planner: Planner, clock: Clock): Promise<ListedRun> {
  const { arms, command, configFile, date, state } = await readRunStatus(directory, planner, clock)
  const accuracies = arms.flatMap(({ testAccuracy }) => testAccuracy ?? [])
  return {
    directory,
    date,
    command,
    config: configOf(directory, configFile),
    state,
    error: null,
    arms: arms.length,
    trials: arms.reduce((sum, { trials }) => sum + trials.finished, 0),
    testAccuracy: accuracies.length === 0 ? null : Math.max(...accuracies),
    speedup: recordedSpeedup(summaryOf(directory)),
  }
}

function training(directory: string, clock: Clock): ListedRun {
  const { command, date, state, testAccuracy } = readTrainingStatus(directory, clock)
  const none = { arms: null, trials: null, speedup: null }
  return { directory, date, command, config: configOf(directory), state, error: null, testAccuracy, ...none }
}

function brokenRun(directory: string, error: string): ListedRun {
  const unknown = { date: null, command: null, testAccuracy: null, speedup: null }
  return { directory, ...unknown, config: configOf(directory), state: 'broken', error, arms: 0, trials: 0 }
}

function summaryOf(directory: string): string {
  return path.join(directory, 'summary.json')
}

/**
 * The name of the configuration. If the run did not record it, it is taken from the default folder name, which has name
 * and time.
 */
function configOf(directory: string, configFile?: string | null): string | null {
  if (configFile != null) return path.basename(configFile, path.extname(configFile))
  return /^(.+)-\d{8}-\d{6}(?:-\d+)?$/.exec(path.basename(path.resolve(directory)))?.[1] ?? null
}
