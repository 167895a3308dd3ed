import type { GoingOn } from '../journal/check-identity.js'
import type { ReplayedRun } from '../journal/replay.js'
import {
  checkNewDirectory,
  checkRunDirectory,
  createRunDirectory,
  resumeRunDirectory,
} from '../journal/run-directory.js'
import { directoryStore, memoryStore, type RunStore } from './run-store.js'

/** Where a run is to be kept. */
export interface RunLocation {
  /** As far as it is known before the run begins; null for a run in memory. */
  readonly directory: string | null
  /** Null for a new run. */
  readonly earlier: EarlierSessions | null
  /**
   * Checks, without writing anything, that `open` can be expected to succeed.
   *
   * @throws RunDirectoryError as it would.
   */
  check(): void
  open(): Promise<RunStore>
}

/** What a run goes on from. */
export interface EarlierSessions {
  readonly directory: string
  readonly run: ReplayedRun
  /** Whether this session has another configuration. */
  readonly isExtended?: boolean | undefined
  readonly goingOn?: GoingOn | undefined
}

export function inMemory(): RunLocation {
  return { directory: null, earlier: null, check: () => {}, open: async () => memoryStore() }
}

/** A folder that may be there, but holds no run. */
export function newDirectory(directory: string): RunLocation {
  return {
    directory,
    earlier: null,
    check: () => checkRunDirectory(directory),
    open: async () => directoryStore(await createRunDirectory(directory)),
  }
}

/** A folder that `claim` makes when the run begins. `wanted` is the path that it tries first. */
export function claimedDirectory(wanted: string, claim: () => string): RunLocation {
  return {
    directory: wanted,
    earlier: null,
    check: () => checkNewDirectory(wanted),
    open: async () => directoryStore(await createRunDirectory(claim())),
  }
}

export function earlierDirectory(earlier: EarlierSessions): RunLocation {
  const { directory } = earlier
  return {
    directory,
    earlier,
    check: () => {},
    open: async () => directoryStore(await resumeRunDirectory(directory)),
  }
}
