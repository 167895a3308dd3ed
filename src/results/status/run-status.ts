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
 * nothing says that it ended.
 */
export type RunState = 'starting' | 'running' | 'finished' | 'stopped' | 'killed'

/** How a run stands, as `fear-nas status --json` prints it. */
export interface RunStatus {
  readonly schema: 1
  readonly directory: string
  readonly command: string | null
  /** As it was named; null where the run did not write it down. */
  readonly configFile: string | null
  readonly state: RunState
  /** The process that holds the run: `alive` is null for one on another machine or in a container, which cannot be asked. */
  readonly owner: {
    readonly pid: number
    readonly host: string
    readonly since: string
    readonly alive: boolean | null
  } | null
  /** What goes on with the run; null where it has ended, or goes on. */
  readonly resume: string | null
  /** ISO 8601. */
  readonly date: string | null
  /** When it ended, or was stopped, by its own word. */
  readonly endedDate: string | null
  /** How many processes have worked on it. */
  readonly sessions: number
  /** Seconds since the journal was last written to, by the file's date: those of a copy mean nothing. */
  readonly lastEventSecondsAgo: number
  readonly arms: readonly ArmStatus[]
  /** Results that are recorded more than once, each counted once: two processes drove the run at the same time. */
  readonly doubled: readonly DoubledResult[]
}

/**
 * How the run in a directory stands, by its journal and its lock. Only reads, whether or not a process is at work.
 *
 * @throws RunDirectoryError if it holds no run; JournalError if its journal is damaged.
 */
export async function readRunStatus(directory: string, planner: Planner, clock: Clock): Promise<RunStatus> {
  const file = journalOf(directory)
  // Before the journal: a run that ends meanwhile has ended by its journal then, and was not killed.
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
  // Its process still draws the report when the run has ended.
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
