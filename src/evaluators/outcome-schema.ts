import {
  accuracy,
  amount,
  bool,
  type Check,
  fields,
  index,
  isRecord,
  listOf,
  nullable,
  number,
  optional,
  recordOf,
  seconds,
  seedPart,
  shownValue,
  text,
} from '../platform/value-checks.js'
import { type Outcome, outcomeKinds } from './outcome.js'

/** Checks a cost. */
export const costCheck = fields({ computeSeconds: seconds, trainingFlops: amount, steps: amount, epochs: amount })

const snapshot = fields({
  epochs: index,
  trainAccuracy: nullable(accuracy),
  validationAccuracy: accuracy,
  measures: recordOf(nullable(number)),
  seconds: fields({ train: seconds, validate: seconds, measures: recordOf(seconds) }),
})

const anyOutcome: Readonly<Record<string, Check>> = {
  cost: costCheck,
  phases: recordOf(costCheck),
  snapshots: optional(listOf(snapshot)),
  lost: optional(listOf(fields({ message: text, stack: optional(text) }))),
  seed: optional(listOf(seedPart)),
}

const outcomeFields: Readonly<Record<Outcome['kind'], Readonly<Record<string, Check>>>> = {
  scored: {
    // JSON has no infinite numbers: an infinite measure is null.
    score: nullable(number),
    metric: text,
    trainAccuracy: nullable(accuracy),
    validationAccuracy: nullable(accuracy),
    testAccuracy: optional(accuracy),
    stage1: optional(fields({ epochs: amount, trainAccuracy: accuracy })),
  },
  rejected: { limit: amount, unit: text, bestTrainAccuracy: accuracy },
  'below-threshold': { bestTrainAccuracy: accuracy },
  diverged: { phase: text, epoch: amount },
  'timed-out': { limitSeconds: seconds },
  aborted: { phase: text },
  failed: { message: text, stack: optional(text), workerLost: optional(bool), attempts: optional(index) },
}

const outcomes: ReadonlyMap<string, Check> = new Map(
  outcomeKinds.map((kind) => [kind, fields({ ...outcomeFields[kind], ...anyOutcome })]),
)

/** The problem of an outcome as a journal has it. */
export const outcomeCheck: Check = (value) => {
  if (!isRecord(value)) return ` must be an object, got ${shownValue(value)}`
  const check = typeof value.kind === 'string' ? outcomes.get(value.kind) : undefined
  if (check === undefined) return `.kind must be one of ${outcomeKinds.join(', ')}, got ${shownValue(value.kind)}`
  return check(value)
}

export function isOutcomeKind(value: string): value is Outcome['kind'] {
  return outcomes.has(value)
}
