import { stringify } from 'yaml'
import { type Agreement, checkGoingOn } from '../journal/check-identity.js'
import type { Identity } from '../journal/identity.js'
import type { ReplayedRun } from '../journal/replay.js'
import { replayJournal } from '../journal/replay-journal.js'
import { createRunDirectory, type RunDirectory, resumeRunDirectory } from '../journal/run-directory.js'
import { systemClock } from '../platform/clock.js'
import type { Hardware } from '../platform/hardware.js'
import { closeQuietly } from '../runs/close-quietly.js'
import type { RunOptions } from './run-options.js'

/**
 * Checks that this session measures what the earlier ones did; of a new run there is nothing to check.
 *
 * @throws IdentityError if the run would mix results that do not compare.
 */
export function checkAgreement(
  { directory, goingOn }: RunOptions,
  identity: Identity,
  earlier: ReplayedRun | undefined,
): Agreement {
  return earlier === undefined
    ? { notes: [], devices: [identity.engine.device] }
    : checkGoingOn(directory, earlier.sessions, identity, goingOn)
}

export interface OpenedRun {
  readonly directory: RunDirectory
  /** What earlier sessions did. */
  readonly known: ReplayedRun | null
}

/**
 * Makes or opens the directory of a run, locks it and records in its journal how this session begins.
 *
 * @param modules SHA-256 of the modules that the configuration names as strategies
 * @throws RunDirectoryError if it cannot be used, or IdentityError if another process went on with the run meanwhile, on
 * something else.
 */
export async function openRun(
  options: RunOptions,
  hardware: Hardware,
  identity: Identity,
  modules: Readonly<Record<string, string>>,
): Promise<OpenedRun> {
  const { command, config, configFile, earlier, extended } = options
  const about = {
    date: systemClock.date(),
    hardware,
    engine: identity.engine.name,
    identity,
    ...(Object.keys(modules).length > 0 && { modules }),
  }
  const directory = options.claimDirectory?.() ?? options.directory
  const opened = await (earlier === undefined ? createRunDirectory(directory) : resumeRunDirectory(directory))
  try {
    // Read again under the lock: the run may have gone on since, in the process that held it.
    const known = earlier && (await replayJournal(opened.file('journal.jsonl'))).run
    if (known != null) checkAgreement(options, identity, known)
    if (earlier === undefined) opened.write('config.yaml', stringify(config))
    await opened.journal.append(
      earlier === undefined
        ? { event: 'run.started', schema: 1, command, configFile, config, seed: config.seed, ...about }
        : { event: 'run.resumed', ...about, ...(extended && { config }) },
    )
    // After the journal, which is what counts where the process dies in between.
    if (extended) opened.write('config.yaml', stringify(config))
    return { directory: opened, known: known ?? null }
  } catch (error) {
    await closeQuietly(opened)
    throw error
  }
}
