import { FearNasError } from '../platform/errors.js'

/** What every executor says to tasks that come after `close`. */
export function closedError(): FearNasError {
  return new FearNasError('The executor is closed and takes no more tasks.')
}
