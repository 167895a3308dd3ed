import { Wording } from './wording.js'

/**
 * The base class of all errors that fear-nas throws on purpose. The message is one line that says what is wrong and the
 * next step. The command line prints it without a stack and exits with `exitCode`.
 */
export class FearNasError extends Error {
  /** 2: the input is wrong, nothing was done. 1: the work failed. */
  readonly exitCode: number = 1
  #wording: string | Wording

  constructor(message: string | Wording, options?: ErrorOptions) {
    super(String(message), options)
    this.name = new.target.name
    this.#wording = message
  }

  /** The message in the words of the command line: with its flags and commands in the place of the library's options. */
  get commandLineMessage(): string {
    return this.#wording instanceof Wording ? this.#wording.commandLine : this.message
  }

  /** The message in both words, to go into another one. */
  get wording(): string | Wording {
    return this.#wording
  }

  /** Drops the words of the command line: for settings that the command at work has in its configuration, not as flags. */
  useLibraryWords(): this {
    this.#wording = this.message
    return this
  }
}

/** A configuration file, an option or an argument is wrong. Thrown before any work is done. */
export class ConfigError extends FearNasError {
  override readonly exitCode: number = 2
}

/** A data set is missing, unreadable or invalid. */
export class DataError extends FearNasError {
  override readonly exitCode: number = 2
}

/**
 * Whether configuration or data are wrong. Every trial would fail in the same way, so the error ends the run. An
 * invalid architecture fails its own trial only.
 */
export function isInputError(error: unknown): error is ConfigError | DataError {
  return error instanceof ConfigError || error instanceof DataError
}

/** A file could not be downloaded. */
export class DownloadError extends FearNasError {}

/** An architecture string does not belong to the search space. */
export class ArchitectureError extends FearNasError {
  override readonly exitCode: number = 2
}

/** An engine cannot load here, or does not support the given shapes. */
export class EngineError extends FearNasError {}

/** A network, or a batch for it, is larger than the engine takes or than there is memory for. */
export class NetworkTooLargeError extends EngineError {}

/** A run directory cannot be used: it is locked, not writable or already holds a run. */
export class RunDirectoryError extends FearNasError {
  override readonly exitCode: number = 2
}

/**
 * A file of a running run cannot be written, for example because the disk is full. Recorded results are intact; the run
 * can be resumed.
 */
export class RunWriteError extends FearNasError {}

/** A file is not that of a trained network, or is damaged. */
export class NetworkFileError extends FearNasError {
  override readonly exitCode: number = 2
}

/** An exported network does not compute what the network does, so nothing was written. */
export class ExportError extends FearNasError {}
