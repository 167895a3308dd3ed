import { ConfigError, DataError, isInputError } from '../platform/errors.js'

/** An input error as plain data, because errors lose their class between threads and processes. */
export interface Refusal {
  readonly kind: 'refusal'
  readonly name: 'ConfigError' | 'DataError'
  readonly message: string
}

/** @throws `error` itself if it is not an input error. */
export function refusalOf(error: unknown): Refusal {
  if (!isInputError(error)) throw error
  const { message } = error
  return { kind: 'refusal', name: error instanceof DataError ? 'DataError' : 'ConfigError', message }
}

export function isRefusal(reply: unknown): reply is Refusal {
  return typeof reply === 'object' && reply !== null && (reply as { kind?: unknown }).kind === 'refusal'
}

export function errorOf({ name, message }: Refusal): ConfigError | DataError {
  return name === 'DataError' ? new DataError(message) : new ConfigError(message)
}
