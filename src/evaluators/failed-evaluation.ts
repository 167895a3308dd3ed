import { messageOf } from '../platform/message-of.js'
import type { MeterReading } from '../training/cost-meter.js'
import type { Evaluation } from './evaluator.js'
import { noCost } from './outcome.js'

/** The `failed` outcome of whatever was thrown, with its message, its stack and what was spent until then. */
export function failedEvaluation(thrown: unknown, spent: MeterReading): Evaluation {
  const stack = thrown instanceof Error ? thrown.stack : undefined
  return {
    outcome: { kind: 'failed', message: messageOf(thrown), ...(stack === undefined ? {} : { stack }), ...spent },
  }
}

/** What was spent where the seconds are all that is known. They count, as phase `unknown`. */
export function secondsOnly(computeSeconds: number): MeterReading {
  const cost = { ...noCost, computeSeconds }
  return { cost, phases: { unknown: cost } }
}
