/**
 * The root of every error this project throws on purpose. The message says what is wrong and the next step, in one
 * line a user can act on; the command line prints it without a stack and exits with `exitCode`.
 */
export class FearNasError extends Error {
  /** 2: the input is at fault, nothing was done. 1: the work failed. */
  readonly exitCode: number = 1

  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = new.target.name
  }
}

/** A configuration file, an option or an argument is wrong. Thrown before any work is done. */
export class ConfigError extends FearNasError {
  override readonly exitCode: number = 2
}

/** A data set is missing, unreadable or not what it claims to be. */
export class DataError extends FearNasError {
  override readonly exitCode: number = 2
}

/**
 * Whether configuration or data are at fault: every trial would meet the error again, so it ends the run. An invalid
 * architecture is the failure of its own trial only.
 */
export function isInputError(error: unknown): error is ConfigError | DataError {
  return error instanceof ConfigError || error instanceof DataError
}

/** A file could not be fetched. */
export class DownloadError extends FearNasError {}

/** An architecture string does not belong to the search space. */
export class ArchitectureError extends FearNasError {
  override readonly exitCode: number = 2
}

/** An engine cannot load here, or was given shapes it cannot take. */
export class EngineError extends FearNasError {}

/** A network, or a batch for it, is larger than the engine takes or than there is memory for. */
export class NetworkTooLargeError extends EngineError {}

/** A run directory cannot be used: it is locked, not writable or already holds a run. */
export class RunDirectoryError extends FearNasError {
  override readonly exitCode: number = 2
}

/** A file of a run that is going on cannot be written, as on a full disk. What is on disk is whole; the run can be resumed. */
export class RunWriteError extends FearNasError {}

/** A file is not that of a trained network, or is damaged. */
export class NetworkFileError extends FearNasError {
  override readonly exitCode: number = 2
}
