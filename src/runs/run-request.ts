import type { Complaint } from '../config/issues.js'
import type { Config } from '../config/schema/config.js'
import type { EngineOptions } from '../engines/registry.js'
import type { Executor, WorkerSetup } from '../execution/executor.js'
import type { RunStarted } from '../journal/journal-event.js'
import type { ConfigError } from '../platform/errors.js'
import type { SearchEvent } from '../search/search-event.js'
import type { RunLocation } from './run-location.js'

export type RunCommand = RunStarted['command']

/** A run that is to begin, or to go on where its earlier sessions ended. */
export interface RunRequest<Command extends RunCommand = RunCommand> {
  readonly command: Command
  readonly config: Config
  /** Absent where the configuration was not read from a file. */
  readonly source?: ConfigSource | undefined
  readonly location: RunLocation
  readonly hooks: RunHooks
  /** The engine of a new run with `engine: auto`; absent: the fastest that loads. */
  readonly engine?: EngineOptions | undefined
  /** Absent: the threads or processes that the configuration asks for. */
  readonly executor?: RunExecutor | undefined
}

/** The file of a configuration. */
export interface ConfigSource {
  readonly file: string
  /** Makes the error for wrong settings, with their places in the file. */
  refuse(wrong: readonly Complaint[]): ConfigError
}

/**
 * What a run tells while it goes on, and what stops it. The functions are not awaited. The first error that one throws, or
 * that a promise of one rejects with, stops the run as `signal` does, which then rejects with that error.
 */
export interface RunHooks {
  readonly onEvent?: ((event: SearchEvent) => unknown) | undefined
  /** Told, in a line, what the user may not expect, such as a slow engine or test images that are training images. */
  readonly onWarning?: ((message: string) => unknown) | undefined
  /** Told how far work that is not trials has come, such as decoding a data set: `fraction` in 0..1. */
  readonly onProgress?: ((fraction: number, message: string) => unknown) | undefined
  /** Told once, before the first trial. */
  readonly onBegun?: ((run: BegunRun) => void) | undefined
  /** Aborting it stops the run: running trials finish, and the journal allows it to be resumed. */
  readonly signal?: AbortSignal | undefined
}

/** A run that has opened its journal. */
export interface BegunRun {
  /** Null for a run in memory. */
  readonly directory: string | null
  readonly dataset: { readonly name: string; readonly fingerprint: string }
  readonly engine: { readonly name: string; readonly device: string }
}

/** An executor of the caller's own, or what makes one for a run's data set, engine and space. */
export type RunExecutor = Executor | ((setup: WorkerSetup) => Executor | Promise<Executor>)
