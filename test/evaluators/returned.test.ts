import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluateSafely } from '../../src/evaluators/evaluate-safely.js'
import type { Evaluation, Evaluator } from '../../src/evaluators/evaluator.js'
import { type Outcome, outcomeKinds } from '../../src/evaluators/outcome.js'
import type { EvaluatorTraits } from '../../src/evaluators/traits.js'
import { eventProblem } from '../../src/journal/event-schema.js'
import { ManualClock } from '../../src/platform/clock.js'
import { scoredOutcome } from './support/scored-outcome.js'
import { ScriptedEngine } from './support/scripted-engine.js'
import { smallContext, smallRequest } from './support/small-world.js'

const outcome = scoredOutcome
const { cost } = outcome
/** Of the small network: convolutions of 18 and 4, three batch norms of 2 channels, and a linear layer of 4 + 2. */
const weights = {
  parameters: new Float32Array(18 + 4 + 3 * 4 + 6),
  runningMean: new Float32Array(6),
  runningVariance: new Float32Array(6),
}

/** What comes of an evaluator that behaves so, after one second. */
function evaluate(behave: () => unknown, traits: Partial<EvaluatorTraits> = {}): Evaluation {
  const clock = new ManualClock()
  const evaluator: Evaluator = {
    name: './mine.mjs',
    traits,
    evaluate() {
      clock.advance(1)
      return behave() as Evaluation
    },
  }
  return evaluateSafely(evaluator, smallRequest, smallContext(new ScriptedEngine(), { clock }))
}

/** As the journal has it, and its reader. */
function problemInJournal(written: Outcome): string | null {
  const event = { event: 'trial.finished', arm: 'a', trial: 0, architecture: 'x', outcome: written, wallSeconds: 1 }
  return eventProblem(JSON.parse(JSON.stringify(event)), false)
}

describe('what an evaluator returns', () => {
  it.each([
    [undefined, 'it must be an object with an outcome, got nothing'],
    [0.5, 'it must be an object with an outcome, got 0.5'],
    [null, 'got null'],
    [() => 1, 'got a function'],
    [Promise.resolve({ outcome }), 'it is a promise, and evaluate must be synchronous'],
    [{}, 'outcome must be an object, got nothing'],
    [{ outcome: { ...outcome, cost: undefined } }, 'outcome.cost must be an object, got nothing'],
    [{ outcome: { ...outcome, cost: { seconds: 1 } } }, 'outcome.cost.computeSeconds must be seconds in'],
    [{ outcome: { ...outcome, cost: { ...cost, steps: Number.NaN } } }, 'outcome.cost.steps must be a number in'],
    [{ outcome: { ...outcome, cost: { ...cost, trainingFlops: -5 } } }, 'outcome.cost.trainingFlops must be'],
    [{ outcome: { ...outcome, phases: { train: {} } } }, 'outcome.phases.train.computeSeconds must be'],
    [{ outcome: { kind: 'failed', cost, phases: {} } }, 'outcome.message must be text, got nothing'],
  ])('ends the trial as failed where it is no evaluation, with the seconds that it took %#', (returned, wrong) => {
    const { outcome, ...rest } = evaluate(() => returned)
    const seconds = { computeSeconds: 1, trainingFlops: 0, steps: 0, epochs: 0 }
    if (outcome.kind !== 'failed') expect.fail('it is no evaluation')
    expect(outcome.message).toContain(`The evaluator ./mine.mjs returned no valid evaluation: `)
    expect(outcome.message).toContain(wrong)
    expect(rest).toEqual({})
    const isCostKnown = wrong.startsWith('outcome.message')
    expect(outcome.cost).toEqual(isCostKnown ? cost : seconds)
  })

  it.each([
    [{ score: Number.NaN }, 'outcome.score must be a finite number, got NaN'],
    [{ score: Infinity }, 'outcome.score must be a finite number, got Infinity'],
    [{ score: '0.5' }, 'outcome.score must be a finite number, got "0.5"'],
    [{ score: null }, 'outcome.score must be a finite number, got null'],
    [{ kind: 'banana' }, 'outcome.kind must be one of scored, rejected'],
    [{ validationAccuracy: 1.5 }, 'outcome.validationAccuracy must be a number in 0..1, got 1.5'],
    [{ metric: undefined }, 'outcome.metric must be text, got nothing'],
  ])('ends the trial as failed at its own cost where only that is valid %#', (changes, wrong) => {
    const failed = evaluate(() => ({ outcome: { ...outcome, ...changes } })).outcome
    if (failed.kind !== 'failed') expect.fail('it is no evaluation')
    expect(failed.message).toContain(wrong)
    expect(failed).toMatchObject({ cost, phases: { train: cost } })
  })

  it.each([
    [{ big: 10n }, 'outcome.big is a bigint, not plain data'],
    [{ note: () => 1 }, 'outcome.note is a function, not plain data'],
    [{ notes: [new Map()] }, 'outcome.notes.0 is a Map, not plain data'],
  ])('has nothing in its outcome that cannot be written %#', (extra, wrong) => {
    expect(evaluate(() => ({ outcome: { ...outcome, ...extra } })).outcome).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining(wrong),
    })
  })

  it('has weights of three arrays, or none', () => {
    expect(evaluate(() => ({ outcome, weights }))).toEqual({ outcome, weights })
    expect(evaluate(() => ({ outcome, weights: { ...weights, runningMean: [1] } })).outcome).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('weights.runningMean must be a Float32Array'),
      cost,
    })
  })

  it.each([
    ['parameters', 39, 40],
    ['parameters', 0, 40],
    ['runningMean', 5, 6],
    ['runningVariance', 7, 6],
  ] as const)('has weights that fit the network: %s of %i values', (name, length, expected) => {
    const { outcome: failed, ...rest } = evaluate(() => ({
      outcome,
      weights: { ...weights, [name]: new Float32Array(length) },
    }))
    expect(rest).toEqual({})
    expect(failed).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining(`weights.${name} must hold ${expected} values for this network, got ${length}`),
      cost,
    })
  })

  it('has weights and a validation accuracy where the evaluator trains in full', () => {
    const full = { trainsInFull: true }
    expect(evaluate(() => ({ outcome, weights }), full)).toEqual({ outcome, weights })
    expect(evaluate(() => ({ outcome }), full).outcome).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('weights must be there, because the evaluator trains in full'),
      cost,
    })
    const blind = { ...outcome, validationAccuracy: null }
    expect(evaluate(() => ({ outcome: blind, weights }), full).outcome).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('outcome.validationAccuracy must be there'),
    })
    expect(evaluate(() => ({ outcome: blind }))).toEqual({ outcome: blind })
    const diverged = { kind: 'diverged', phase: 'train', epoch: 0, cost, phases: {} } as const
    expect(evaluate(() => ({ outcome: diverged }), full)).toEqual({ outcome: diverged })
  })

  it('is kept as it is, with what more it says, but not with what the evaluator does to it later', () => {
    const mine = { ...outcome, note: { seen: [1, 'b', null, true] } }
    const { outcome: kept } = evaluate(() => ({ outcome: mine }))
    expect(JSON.stringify(kept)).toBe(JSON.stringify(mine))
    mine.note.seen.push(2)
    expect(kept).toMatchObject({ note: { seen: [1, 'b', null, true] } })
  })

  it('is readable in the journal, whatever was returned or thrown', () => {
    const values = fc.oneof(
      fc.anything({ withBigInt: true, withDate: true, withMap: true, withTypedArray: true, withNullPrototype: true }),
      fc.double(),
      fc.constantFrom(...outcomeKinds),
    )
    const names = fc.constantFrom(...Object.keys(outcome), 'message', 'stack', 'snapshots', 'lost', 'seed', 'toJSON')
    const nearly = fc
      .dictionary(names, values, { maxKeys: 2 })
      .map((changes) => ({ outcome: { ...outcome, ...changes } }))
    const returned = fc.oneof(values, nearly, fc.record({ outcome: values, weights: values }))
    fc.assert(
      fc.property(returned, fc.boolean(), (value, isThrown) => {
        const { outcome: made } = evaluate(() => {
          if (isThrown) throw value
          return value
        })
        expect(problemInJournal(made)).toBeNull()
        expect(structuredClone(made)).toEqual(made)
        if (made.kind === 'scored') expect(made.score).toSatisfy(Number.isFinite)
      }),
      { numRuns: 500 },
    )
  })
})
