import fc from 'fast-check'
import { type Cost, type Outcome, outcomeKinds } from '../../src/evaluators/outcome.js'
import type { JournalEvent, RunStarted } from '../../src/journal/journal-event.js'

export const runStarted: RunStarted = {
  event: 'run.started',
  schema: 1,
  date: '2026-01-01T00:00:00.000Z',
  command: 'compare',
  configFile: 'search-configs/quick.yaml',
  config: { budget: { trials: 3 } },
  seed: 'äöü',
  hardware: { cpu: 'x', physicalCores: 2, logicalCores: 4, memoryBytes: 1, platform: 'linux-x64', node: 'v20' },
  engine: 'native',
}

/** Texts that look like the journal itself, and what JSON has to escape. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom('fear', '|a~0|', '"', '\\', '\n', '"cost":{"computeSeconds":7', ',"wallSeconds":9}', 'ä{[', '\u2028'),
)
const number = fc.oneof(
  fc.double({ noDefaultInfinity: true, noNaN: true }),
  fc.integer(),
  fc.constantFrom(0, -0, 1e-7, 1e300, 5e-324),
)
/** What is spent, within what a journal may say. */
const amount = fc.oneof(fc.double({ min: 0, max: 1e12, noNaN: true }), fc.nat(), fc.constantFrom(0, -0, 1e-7, 5e-324))

const snapshot = {
  epochs: 1,
  trainAccuracy: 0.5,
  validationAccuracy: 0.25,
  measures: { synflow: 1e30, flops: null },
  seconds: { train: 1, validate: 2, measures: { synflow: 3 } },
  // A field that looks like that of the outcome.
  cost: { computeSeconds: 1 },
}

const cost: fc.Arbitrary<Cost> = fc.record({
  computeSeconds: amount,
  trainingFlops: amount,
  steps: fc.nat(),
  epochs: amount,
})

const outcome: fc.Arbitrary<Outcome> = fc
  .record({
    kind: fc.constantFrom(...outcomeKinds),
    // JSON has neither, and writes null.
    score: fc.oneof(number, fc.constantFrom(Number.NaN, Infinity)),
    message: text,
    cost,
    phases: fc.dictionary(text, cost, { maxKeys: 2 }),
    snapshots: fc.option(fc.constant([snapshot]), { nil: undefined }),
  })
  .map(({ kind, score, message, cost, phases, snapshots }) => {
    const rest = snapshots === undefined ? { cost, phases } : { snapshots, cost, phases }
    const accuracy = { bestTrainAccuracy: 0.5 }
    const facts: Readonly<Record<Outcome['kind'], object>> = {
      scored: { score, metric: 'train-accuracy', trainAccuracy: 0.5, validationAccuracy: null },
      rejected: { limit: 3, unit: 'work', ...accuracy },
      'below-threshold': accuracy,
      diverged: { phase: message, epoch: 2 },
      'timed-out': { limitSeconds: 3 },
      aborted: { phase: message },
      failed: { message, stack: message },
    }
    return { kind, ...facts[kind], ...rest } as unknown as Outcome
  })

const place = { arm: fc.oneof(fc.constantFrom('fear', 'full', 'zero-cost synflow'), text), architecture: text }

/** A journal as one could be: every trial starts once a session, finishes at most once, and may be interrupted. */
export const arbitraryJournal: fc.Arbitrary<readonly JournalEvent[]> = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.record({ ...place, outcome, wallSeconds: amount, finishes: fc.boolean() }) },
      { weight: 1, arbitrary: fc.constantFrom('run.resumed', 'run.finished', 'stopped') },
      { weight: 1, arbitrary: fc.record({ ...place, finalist: outcome, wallSeconds: amount }) },
      { weight: 1, arbitrary: fc.record({ arm: place.arm, trials: fc.nat(), ended: fc.constant(true) }) },
    ),
    { maxLength: 12 },
  )
  .map((steps) => [runStarted, ...steps.flatMap(eventsOf)])

type Step =
  | string
  | { arm: string; architecture: string; outcome: Outcome; wallSeconds: number; finishes: boolean }
  | { arm: string; architecture: string; finalist: Outcome; wallSeconds: number }
  | { arm: string; trials: number; ended: boolean }

function eventsOf(step: Step, trial: number): readonly JournalEvent[] {
  if (step === 'run.resumed') {
    const { hardware, engine, date } = runStarted
    return [{ event: step, date, hardware, engine, config: { resumed: trial } }]
  }
  if (typeof step === 'string') return [{ event: 'run.finished', date: runStarted.date, stopped: step === 'stopped' }]
  if ('ended' in step) {
    const end = { trials: step.trials, wallSeconds: trial, endedBy: 'trials', best: null }
    return [{ event: 'arm.finished', arm: step.arm, ...end }]
  }
  const { arm, architecture, wallSeconds } = step
  const at = { arm, trial, architecture }
  if ('finalist' in step) return [{ event: 'finalist.finished', ...at, outcome: step.finalist, wallSeconds }]
  // Every fourth is a promotion.
  const promotion = trial % 4 === 3 ? { fidelity: 1, promotes: trial - 1, origin: trial - 1 } : {}
  const started: JournalEvent = { event: 'trial.started', ...at, ...promotion }
  return step.finishes
    ? [started, { event: 'trial.finished', ...at, ...promotion, outcome: step.outcome, wallSeconds }]
    : [started]
}
