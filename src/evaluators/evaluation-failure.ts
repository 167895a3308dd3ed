import { FearNasError } from '../platform/errors.js'
import { messageOf } from '../platform/message-of.js'
import type { MeterReading } from '../training/cost-meter.js'

/**
 * An error during an evaluation, with the cost up to then. `cause` is the error; `evaluateSafely` turns both into a
 * `failed` outcome.
 */
export class EvaluationFailure extends FearNasError {
  readonly spent: MeterReading

  constructor(cause: unknown, spent: MeterReading) {
    super(messageOf(cause), { cause })
    this.spent = spent
  }
}
