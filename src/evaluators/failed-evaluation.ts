import { messageOf } from '../platform/message-of.js'
import type { MeterReading } from '../training/cost-meter.js'
import type { Evaluation } from './evaluator.js'
import { noCost } from './outcome.js'

/** The `failed` outcome for an error, with message, stack and the cost up to then. */
export function failedEvaluation(thrown: unknown, spent: MeterReading): Evaluation {
  const stack: unknown = thrown instanceof Error ? thrown.stack : undefined
  return {
    outcome: { kind: 'failed', message: messageOf(thrown), ...(typeof stack === 'string' ? { stack } : {}), ...spent },
  }
}

/** A cost of which only the seconds are known; they count as phase `unknown`. */
export function secondsOnly(computeSeconds: number): MeterReading {
  const cost = { ...noCost, computeSeconds }
  return { cost, phases: { unknown: cost } }
}
