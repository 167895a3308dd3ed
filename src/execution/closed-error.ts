import { FearNasError } from '../platform/errors.js'

/** The error of every executor for tasks submitted after `close`. */
export function closedError(): FearNasError {
  return new FearNasError('The executor is closed and takes no more tasks.')
}
