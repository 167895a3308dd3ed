import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { journalFile } from '../../journal/run-directory.js'
import type { Clock } from '../../platform/clock.js'
import { FearNasError, RunDirectoryError } from '../../platform/errors.js'
import type { Planner } from './planned-arm.js'
import { type RunState, readRunStatus } from './run-status.js'

/** A run of a list. What is not known is null. */
export interface ListedRun {
  readonly directory: string
  /** When it began, ISO 8601. */
  readonly date: string | null
  readonly command: string | null
  /** The name of its configuration file. */
  readonly config: string | null
  /** `broken`: its journal cannot be read; `error` says why. */
  readonly state: RunState | 'broken'
  readonly error: string | null
  readonly arms: number
  /** Finished, of all arms. */
  readonly trials: number
  /** The best of its arms' networks, in 0..1. */
  readonly testAccuracy: number | null
  /** In compute time, of the first comparison. */
  readonly speedup: number | null
}

/**
 * Every run under a folder, newest first: the folder itself, the folders in it, and the repetitions (`seed-*`) in those.
 * A broken one is listed as such.
 *
 * @throws RunDirectoryError if it is no folder.
 */
export async function listRuns(folder: string, planner: Planner, clock: Clock): Promise<readonly ListedRun[]> {
  const inside = foldersIn(folder)
  const repetitions = inside.flatMap((one) => foldersIn(one).filter((name) => path.basename(name).startsWith('seed-')))
  const directories = [folder, ...inside, ...repetitions].filter((directory) => journalFile(directory) !== null)
  const runs: ListedRun[] = []
  for (const directory of directories) runs.push(await listedRun(directory, planner, clock))
  return runs.toSorted((a, b) => (b.date ?? '').localeCompare(a.date ?? '') || a.directory.localeCompare(b.directory))
}

/** @throws RunDirectoryError if it is no folder that can be read. */
function foldersIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .map((name) => path.join(folder, name))
      .filter((file) => statSync(file, { throwIfNoEntry: false })?.isDirectory())
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    throw new RunDirectoryError(`${folder} is no folder that can be read (${code}). Name the folder of your runs.`, {
      cause: error,
    })
  }
}

async function listedRun(directory: string, planner: Planner, clock: Clock): Promise<ListedRun> {
  try {
    const { arms, command, configFile, date, state } = await readRunStatus(directory, planner, clock)
    const accuracies = arms.flatMap(({ testAccuracy }) => testAccuracy ?? [])
    return {
      directory,
      date,
      command,
      config: configFile === null ? configOf(directory) : path.basename(configFile, path.extname(configFile)),
      state,
      error: null,
      arms: arms.length,
      trials: arms.reduce((sum, { trials }) => sum + trials.finished, 0),
      testAccuracy: accuracies.length === 0 ? null : Math.max(...accuracies),
      speedup: speedupOf(directory),
    }
  } catch (error) {
    // A damaged journal, or a folder that may not be read: the other runs are listed all the same.
    if (!(error instanceof FearNasError) && (error as NodeJS.ErrnoException).code === undefined) throw error
    const unknown = { date: null, command: null, config: configOf(directory), testAccuracy: null, speedup: null }
    return { directory, ...unknown, state: 'broken', error: (error as Error).message, arms: 0, trials: 0 }
  }
}

/** A run that was given no folder has the name of its configuration and the time in that of its folder. */
function configOf(directory: string): string | null {
  return /^(.+)-\d{8}-\d{6}(?:-\d+)?$/.exec(path.basename(path.resolve(directory)))?.[1] ?? null
}

/** From summary.json, if there is one with a speed-up. */
function speedupOf(directory: string): number | null {
  try {
    const summary: unknown = JSON.parse(readFileSync(path.join(directory, 'summary.json'), 'utf8'))
    const speedup = (summary as { readonly speedup?: { readonly computeSeconds?: unknown } | null }).speedup
    return typeof speedup?.computeSeconds === 'number' ? speedup.computeSeconds : null
  } catch {
    return null
  }
}
