import { outcomeCheck } from '../evaluators/outcome-schema.js'
import {
  accuracy,
  anything,
  bool,
  type Check,
  fields,
  index,
  isRecord,
  listOf,
  nullable,
  oneOf,
  optional,
  recordOf,
  seconds,
  seedPart,
  shownValue,
  text,
} from '../platform/value-checks.js'
import type { JournalEvent } from './journal-event.js'

/* The schema of journal events, for the fields that any reader uses. Other fields are allowed: newer versions may write more. */

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

/** The fields that name a trial of an arm. */
const trial = {
  arm: text,
  trial: index,
  architecture: text,
  fidelity: optional(index),
  promotes: optional(index),
  origin: optional(index),
}

const latency = fields({ batch: index, milliseconds: seconds, imagesPerSecond: seconds })

const commands = ['compare', 'search', 'rank']

const events: ReadonlyMap<string, Check> = new Map(
  Object.entries({
    'run.started': fields({
      date: text,
      command: oneOf(commands),
      configFile: optional(text),
      config: anything,
      seed: seedPart,
      engine: text,
      modules: optional(recordOf(text)),
    }),
    'run.resumed': fields({ date: text, engine: text, modules: optional(recordOf(text)) }),
    'run.finished': fields({ date: text, stopped: bool }),
    'prefilter.scored': fields({
      arm: text,
      candidate: index,
      architecture: text,
      outcome: outcomeCheck,
      wallSeconds: seconds,
    }),
    'calibration.finished': fields({
      arm: text,
      threshold: accuracy,
      networks: listOf(fields({ architecture: text, outcome: outcomeCheck })),
      wallSeconds: seconds,
    }),
    'trial.started': fields(trial),
    'trial.finished': fields({ ...trial, outcome: outcomeCheck, wallSeconds: seconds }),
    'finalist.finished': fields({ ...trial, outcome: outcomeCheck, wallSeconds: seconds }),
    'test.finished': fields({ ...trial, testAccuracy: accuracy }),
    'latency.reported': fields({ ...trial, latency: listOf(latency) }),
    'latency.measured': fields({ architecture: text, seconds }),
    'arm.finished': fields({
      arm: text,
      trials: index,
      wallSeconds: seconds,
      endedBy: text,
      best: nullable(fields({ trial: index, testAccuracy: accuracy })),
    }),
  } satisfies Readonly<Record<JournalEvent['event'], Check>>),
)
