import { stringify } from 'yaml'
import { type Agreement, checkGoingOn } from '../journal/check-identity.js'
import type { Identity } from '../journal/identity.js'
import type { ReplayedRun } from '../journal/replay.js'
import { systemClock } from '../platform/clock.js'
import type { Hardware } from '../platform/hardware.js'
import { closeQuietly } from './close-quietly.js'
import type { EarlierSessions } from './run-location.js'
import type { RunRequest } from './run-request.js'
import type { RunStore } from './run-store.js'

/**
 * Checks that this session measures what the earlier ones did; for a new run there is nothing to check.
 *
 * @throws IdentityError if the run would mix results that are not comparable.
 */
export function checkAgreement(earlier: EarlierSessions | null, identity: Identity): Agreement {
  return earlier === null
    ? { notes: [], devices: [identity.engine.device] }
    : checkGoingOn(earlier.directory, earlier.run.sessions, identity, earlier.goingOn)
}

export interface OpenedRun {
  readonly store: RunStore
  /** What earlier sessions did; null for a new run. */
  readonly known: ReplayedRun | null
}

/**
 * Opens the location of a run and records in its journal how this session begins.
 *
 * @param modules SHA-256 of the modules that the configuration names
 * @throws RunDirectoryError if it cannot be used, or IdentityError if another process has continued the run meanwhile
 * with another identity.
 */
export async function openRun(
  { command, config, location, source }: RunRequest,
  hardware: Hardware,
  identity: Identity,
  modules: Readonly<Record<string, string>>,
): Promise<OpenedRun> {
  const { earlier } = location
  const isExtended = earlier?.isExtended ?? false
  const about = {
    date: systemClock.date(),
    hardware,
    engine: identity.engine.name,
    identity,
    ...(Object.keys(modules).length > 0 && { modules }),
  }
  const store = await location.open()
  try {
    // Read again under the lock: the process that held it may have continued the run.
    const known = earlier && (await store.replay())
    if (known !== null) checkAgreement(earlier && { ...earlier, run: known }, identity)
    if (earlier === null) store.write('config.yaml', stringify(plain(config)))
    await store.journal.append(
      earlier === null
        ? { event: 'run.started', schema: 1, command, configFile: source?.file, config, seed: config.seed, ...about }
        : { event: 'run.resumed', ...about, ...(isExtended && { config }) },
    )
    // Written after the journal, which takes precedence if the process dies in between.
    if (isExtended) store.write('config.yaml', stringify(plain(config)))
    return { store, known }
  } catch (error) {
    await closeQuietly(store)
    throw error
  }
}

/** As JSON, in which a part that was passed as a value is its name. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}
