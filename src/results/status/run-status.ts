import { existsSync, statSync } from 'node:fs'
import path from 'node:path'
import type { DoubledResult } from '../../journal/doubled.js'
import { digestJournal, type RunDigest } from '../../journal/run-digest.js'
import { journalFile, runHolder } from '../../journal/run-directory.js'
import { type Clock, secondsSince } from '../../platform/clock.js'
import { RunDirectoryError } from '../../platform/errors.js'
import { pathWord, resumeCommand } from '../../platform/shell.js'
import { type ArmStatus, armStatuses } from './arm-status.js'
import type { Planner } from './planned-arm.js'

/**
 * `starting`: no event yet; `running`; `finished`; `stopped`: ended early by request; `killed`: its process is gone and
 * the journal has no end.
 */
export type RunState = 'starting' | 'running' | 'finished' | 'stopped' | 'killed'

/** The progress of a run, as printed by `fear-nas status --json`. */
export interface RunStatus {
  readonly schema: 1
  readonly directory: string
  readonly command: string | null
  /** As named by the user; null if not recorded. */
  readonly configFile: string | null
  readonly state: RunState
  /** The process that holds the run: `alive` is null if it cannot be checked, on another machine or in a container. */
  readonly owner: {
    readonly pid: number
    readonly host: string
    readonly since: string
    readonly alive: boolean | null
  } | null
  /** The command that resumes the run; null if it has finished or is running. */
  readonly resume: string | null
  /** ISO 8601. */
  readonly date: string | null
  /** The recorded time when it ended or was stopped. */
  readonly endedDate: string | null
  /** Number of sessions. */
  readonly sessions: number
  /** Seconds since the journal was last written, by the file's date; meaningless for a copy. */
  readonly lastEventSecondsAgo: number
  readonly arms: readonly ArmStatus[]
  /** Results recorded more than once, because two processes drove the run at the same time; each counts once. */
  readonly doubled: readonly DoubledResult[]
}

/**
 * The progress of the run in a directory, from its journal and lock. Only reads.
 *
 * @throws RunDirectoryError if it holds no run; JournalError if its journal is damaged.
 */
export async function readRunStatus(directory: string, planner: Planner, clock: Clock): Promise<RunStatus> {
  const file = journalOf(directory)
  // Read before the journal, so that a run that ends meanwhile is not reported as killed.
  const owner = runHolder(directory)
  const digest = await digestJournal(file)
  const { config, ended, sessions, started } = digest
  const state = stateOf(digest, owner !== null && owner.alive !== false)
  const plan = started === null ? null : planner(started.command, config)
  return {
    schema: 1,
    directory,
    command: started?.command ?? null,
    configFile: started?.configFile ?? null,
    state,
    owner: owner && { pid: owner.pid, host: owner.host, since: owner.date, alive: owner.alive },
    resume: wayOn(directory, state, file),
    date: started?.date ?? null,
    endedDate: ended?.date ?? null,
    sessions,
    lastEventSecondsAgo: Math.max(0, secondsSince(statSync(file).mtimeMs, clock)),
    arms: armStatuses(digest, plan, state === 'running'),
    doubled: digest.doubled,
  }
}

function stateOf({ ended, started }: RunDigest, isHeld: boolean): RunState {
  // The process still draws the report after the run has ended.
  if (ended !== null) return ended.stopped ? 'stopped' : 'finished'
  if (!isHeld) return 'killed'
  return started === null ? 'starting' : 'running'
}

function wayOn(directory: string, state: RunState, journal: string): string | null {
  if (state !== 'stopped' && state !== 'killed') return null
  const unpack = journal.endsWith('.gz') ? `gunzip ${pathWord(journal)} && ` : ''
  return `${unpack}${resumeCommand(directory)}`
}

/**
 * The journal of a run directory, compressed or not.
 *
 * @throws RunDirectoryError if there is none.
 */
export function journalOf(directory: string): string {
  const file = journalFile(directory)
  if (file !== null) return file
  if (!existsSync(directory)) throw new RunDirectoryError(`${directory} does not exist. Check the path.`)
  throw new RunDirectoryError(
    `${directory} holds no run: journal.jsonl is missing. The runs below a folder: fear-nas list ${pathWord(path.normalize(directory))}`,
  )
}
