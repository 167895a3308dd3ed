import { type Outcome, outcomeKinds } from '../evaluators/outcome.js'
import { shorten } from '../platform/shorten.js'
import type { JournalEvent } from './journal-event.js'

/*
 * The schema of journal events, for the fields that any reader uses. Written by hand because a journal may have a
 * million lines: a check takes about a microsecond, a tenth of a general schema library's time. Other fields are
 * allowed, because newer versions may write more.
 */

/**
 * The problem of a value: the path of a field within it and a sentence, such as ` must be text, got 5` for the value
 * itself and `.cost.steps must be ...` for a field in it. Null if it is valid.
 */
type Check = (value: unknown) => string | null

/** Maximum of seconds, FLOPs and so on; above it sums and charts are meaningless. */
const mostSeconds = 1e12
const mostAmount = 1e30
/** Maximum index of trials and candidates. */
const mostIndex = 2 ** 32

/**
 * The problem of an event, starting with the field's path; null if this version knows the event and every field it
 * reads has the right type and range.
 */
export function eventProblem(value: unknown, isFirst: boolean): string | null {
  if (!isRecord(value)) return `it must be an object, got ${shownValue(value)}`
  const check = typeof value.event === 'string' ? events.get(value.event) : undefined
  if (check === undefined)
    return `event must be one of ${[...events.keys()].join(', ')}, got ${shownValue(value.event)}`
  if (value.event === 'run.started' && !isFirst) return 'run.started must be the first line'
  return check(value)?.slice(1) ?? null
}

/** Whether a value is a valid index. */
export function isIndex(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= mostIndex
}

/** Whether a value is a valid time or duration. */
export function isSeconds(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= mostSeconds
}

/** Whether a value is a valid cost: FLOPs, steps or epochs. */
export function isAmount(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= mostAmount
}

export function isOutcomeKind(value: string): value is Outcome['kind'] {
  return outcomes.has(value)
}

const must =
  (is: (value: unknown) => boolean, expectation: string): Check =>
  (value) =>
    is(value) ? null : ` must be ${expectation}, got ${shownValue(value)}`

const text = must((value) => typeof value === 'string', 'text')
const bool = must((value) => typeof value === 'boolean', 'true or false')
const index = must(isIndex, `a whole number in 0..${mostIndex}`)
const seconds = must(isSeconds, `seconds in 0..${mostSeconds}`)
const amount = must(isAmount, `a number in 0..${mostAmount}`)
const accuracy = must((value) => typeof value === 'number' && value >= 0 && value <= 1, 'a number in 0..1')
const number = must((value) => typeof value === 'number' && Number.isFinite(value), 'a finite number')
const seedPart = must((value) => typeof value === 'string' || Number.isFinite(value), 'text or a number')
const anything: Check = () => null

const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined ? null : check(value)

const nullable =
  (check: Check): Check =>
  (value) =>
    value === null ? null : check(value)

function fields(checks: Readonly<Record<string, Check>>): Check {
  const all = Object.entries(checks)
  return (value) => {
    if (!isRecord(value)) return ` must be an object, got ${shownValue(value)}`
    for (const [name, check] of all) {
      const problem = check(value[name])
      if (problem !== null) return `.${name}${problem}`
    }
    return null
  }
}

function listOf(check: Check): Check {
  return (value) => {
    if (!Array.isArray(value)) return ` must be a list, got ${shownValue(value)}`
    for (let i = 0; i < value.length; i++) {
      const problem = check(value[i])
      if (problem !== null) return `.${i}${problem}`
    }
    return null
  }
}

function recordOf(check: Check): Check {
  return (value) => {
    if (!isRecord(value)) return ` must be an object, got ${shownValue(value)}`
    for (const name in value) {
      const problem = check(value[name])
      if (problem !== null) return `.${name}${problem}`
    }
    return null
  }
}

const cost = fields({ computeSeconds: seconds, trainingFlops: amount, steps: amount, epochs: amount })

const snapshot = fields({
  epochs: index,
  trainAccuracy: nullable(accuracy),
  validationAccuracy: accuracy,
  measures: recordOf(nullable(number)),
  seconds: fields({ train: seconds, validate: seconds, measures: recordOf(seconds) }),
})

const anyOutcome: Readonly<Record<string, Check>> = {
  cost,
  phases: recordOf(cost),
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

const outcome: Check = (value) => {
  if (!isRecord(value)) return ` must be an object, got ${shownValue(value)}`
  const check = typeof value.kind === 'string' ? outcomes.get(value.kind) : undefined
  if (check === undefined) return `.kind must be one of ${outcomeKinds.join(', ')}, got ${shownValue(value.kind)}`
  return check(value)
}

/** Of a trial in an arm. */
const trial = {
  arm: text,
  trial: index,
  architecture: text,
  fidelity: optional(index),
  promotes: optional(index),
  origin: optional(index),
}

const commands = ['compare', 'search', 'rank']

const events: ReadonlyMap<string, Check> = new Map(
  Object.entries({
    'run.started': fields({
      date: text,
      command: must((value) => commands.some((command) => command === value), `one of ${commands.join(', ')}`),
      configFile: optional(text),
      config: anything,
      seed: seedPart,
      engine: text,
      modules: optional(recordOf(text)),
    }),
    'run.resumed': fields({ date: text, engine: text, modules: optional(recordOf(text)) }),
    'run.finished': fields({ date: text, stopped: bool }),
    'prefilter.scored': fields({ arm: text, candidate: index, architecture: text, outcome, wallSeconds: seconds }),
    'calibration.finished': fields({
      arm: text,
      threshold: accuracy,
      networks: listOf(fields({ architecture: text, outcome })),
      wallSeconds: seconds,
    }),
    'trial.started': fields(trial),
    'trial.finished': fields({ ...trial, outcome, wallSeconds: seconds }),
    'finalist.finished': fields({ ...trial, outcome, wallSeconds: seconds }),
    'test.finished': fields({ ...trial, testAccuracy: accuracy }),
    'arm.finished': fields({
      arm: text,
      trials: index,
      wallSeconds: seconds,
      endedBy: text,
      best: nullable(fields({ trial: index, testAccuracy: accuracy })),
    }),
  } satisfies Readonly<Record<JournalEvent['event'], Check>>),
)

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A value as short text for a message; never throws. */
export function shownValue(value: unknown): string {
  if (value === undefined) return 'nothing'
  // JSON writes infinite numbers as null.
  return shorten(typeof value === 'number' ? String(value) : JSON.stringify(value))
}
