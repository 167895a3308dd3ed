import { describe, expect, it } from 'vitest'
import type { Evaluation } from '../../src/evaluators/evaluator.js'
import type { EvaluationTask, Executor } from '../../src/execution/executor.js'
import { guardedExecutor } from '../../src/execution/guarded-executor.js'
import { createSimulatedExecutor } from '../../src/execution/simulated-executor.js'
import { ManualClock } from '../../src/platform/clock.js'
import { scoredOutcome } from '../evaluators/support/scored-outcome.js'

const outcome = scoredOutcome
const { cost } = outcome
const task: EvaluationTask = {
  architecture: 'a',
  trialSeed: [1],
  dataSeed: [1],
  evaluator: { name: 'full-training' },
}

/** What is made of the answer of an executor, which takes three seconds. */
async function guarded(answer: unknown): Promise<Evaluation> {
  const clock = new ManualClock()
  const inner: Executor = {
    ...createSimulatedExecutor({ workers: 1, clock, evaluate: () => ({ outcome }), test: () => 0 }),
    async evaluate() {
      clock.advance(3)
      return answer as Evaluation
    },
  }
  const engine = { name: 'native', version: '1', device: 'cpu', gpu: false, maxThreads: 1 }
  return guardedExecutor(inner, engine, clock).evaluate(task)
}

describe('an executor from outside', () => {
  it('has its evaluations passed on', async () => {
    const weights = {
      parameters: new Float32Array(3),
      runningMean: new Float32Array(1),
      runningVariance: new Float32Array(1),
    }
    expect(await guarded({ outcome, weights })).toEqual({ outcome, weights })
  })

  it.each([
    ['a score that is not a number', { outcome: { ...outcome, score: Number.NaN } }, 'outcome.score must be a finite'],
    ['no score', { outcome: { kind: 'scored', cost, phases: {} } }, 'outcome.score must be a finite'],
    ['an empty cost', { outcome: { ...outcome, cost: {} } }, 'outcome.cost.computeSeconds must be seconds'],
    ['phases that are null', { outcome: { ...outcome, phases: null } }, 'outcome.phases must be an object'],
    ['a cost by phase below 0', { outcome: { ...outcome, phases: { train: { ...cost, steps: -1 } } } }, '.train.steps'],
    ['weights in plain lists', { outcome, weights: { parameters: [1] } }, 'weights.parameters must be a Float32Array'],
    ['no weights of a full training', { outcome }, 'weights must be there, because the evaluator trains in full'],
    ['a kind that there is not', { outcome: { ...outcome, kind: 'banana' } }, 'outcome.kind must be one of scored'],
    ['nothing', undefined, 'it must be an object with an outcome, got nothing'],
  ])('loses the trial where it returns %s', async (_, answer, wrong) => {
    const lost = { computeSeconds: 3, trainingFlops: 0, steps: 0, epochs: 0 }
    expect((await guarded(answer)).outcome).toEqual({
      kind: 'failed',
      workerLost: true,
      message: expect.stringContaining('The executor returned no valid evaluation: '),
      cost: lost,
      phases: { lost },
    })
    expect((await guarded(answer)).outcome).toMatchObject({ message: expect.stringContaining(wrong) })
  })
})
