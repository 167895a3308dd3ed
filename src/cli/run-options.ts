import type { Config } from '../config/schema/config.js'
import type { EngineOptions } from '../engines/registry.js'
import type { GoingOn } from '../journal/check-identity.js'
import type { RunStarted } from '../journal/journal-event.js'
import type { ReplayedRun } from '../journal/replay.js'
import type { Refuse } from './check-data.js'

/** What a command asks of a run. */
export interface RunOptions {
  readonly command: RunStarted['command']
  readonly config: Config
  /** Where it was read from; for people. */
  readonly configFile?: string | undefined
  readonly directory: string
  /** The engine of a new run whose configuration says `auto`; absent: the fastest that loads. */
  readonly engine?: EngineOptions | undefined
  /**
   * Makes the folder of a new run and gives its path. Set where the user named none: `directory` is then the path that is
   * tried first.
   */
  readonly claimDirectory?: (() => string) | undefined
  readonly quiet: boolean
  readonly json: boolean
  /** Whether the caller prints the result, or that there is none. */
  readonly silent?: boolean
  /** What the journal holds of an earlier session of this run. */
  readonly earlier?: ReplayedRun | undefined
  /** Whether `config` differs from that session's. */
  readonly extended?: boolean | undefined
  /** Makes the error for wrong settings, with their places in the configuration file; absent: with their names alone. */
  readonly refuse?: Refuse | undefined
  /** How the run goes on after that session. */
  readonly goingOn?: GoingOn | undefined
}
