import { FearNasError } from '../platform/errors.js'
import { messageOf } from '../platform/message-of.js'
import type { MeterReading } from '../training/cost-meter.js'

/**
 * Something was thrown in the middle of an evaluation, and this is what had been spent by then. `cause` is what was
 * thrown; `evaluateSafely` turns both into a `failed` outcome.
 */
export class EvaluationFailure extends FearNasError {
  readonly spent: MeterReading

  constructor(cause: unknown, spent: MeterReading) {
    super(messageOf(cause), { cause })
    this.spent = spent
  }
}
