import { describe, expect, it } from 'vitest'
import { evaluateSafely } from '../../src/evaluators/evaluate-safely.js'
import type { Evaluator } from '../../src/evaluators/evaluator.js'
import { createEvaluator, evaluatorNames } from '../../src/evaluators/registry.js'
import { ManualClock } from '../../src/platform/clock.js'
import { ArchitectureError, ConfigError, DataError, EngineError } from '../../src/platform/errors.js'
import { ScriptedEngine } from './support/scripted-engine.js'
import { smallContext, smallFear, smallFlops, smallRequest } from './support/small-world.js'

describe('evaluateSafely', () => {
  it('tells what was thrown, and what had been spent by phase', () => {
    const clock = new ManualClock()
    const engine = new ScriptedEngine({
      train: [4, 4, 2],
      onCall({ kind }) {
        clock.advance(1)
        if (kind === 'tail') throw new RangeError('out of memory')
      },
    })
    const { outcome } = evaluateSafely(createEvaluator(smallFear), smallRequest, smallContext(engine, { clock }))
    expect(outcome).toMatchObject({
      kind: 'failed',
      message: 'out of memory',
      stack: expect.stringContaining('RangeError: out of memory'),
      cost: { computeSeconds: 7, steps: 3, epochs: 1 },
      phases: {
        stage1: { computeSeconds: 3 },
        features: { computeSeconds: 3, trainingFlops: 10 * smallFlops.trunk },
        stage2: { computeSeconds: 1, steps: 0 },
      },
    })
    expect(engine.live).toBe(0)
  })

  it('knows at least the seconds where an evaluator tells nothing', () => {
    const clock = new ManualClock()
    const broken: Evaluator = {
      name: 'broken',
      evaluate() {
        clock.advance(2)
        throw 'no error object'
      },
    }
    const cost = { computeSeconds: 2, trainingFlops: 0, steps: 0, epochs: 0 }
    const { outcome } = evaluateSafely(broken, smallRequest, smallContext(new ScriptedEngine(), { clock }))
    expect(outcome).toEqual({ kind: 'failed', message: 'no error object', cost, phases: { unknown: cost } })
  })

  it.each([
    [new ConfigError('no such cut'), true],
    [new DataError('no images'), true],
    [new ArchitectureError('no such operation'), false],
    [new EngineError('no memory'), false],
  ])('is no cover for what configuration or data contradict: %s', (error, isThrown) => {
    const engine = new ScriptedEngine({
      train: [4],
      onCall() {
        throw error
      },
    })
    const evaluate = () => evaluateSafely(createEvaluator(smallFear), smallRequest, smallContext(engine))
    if (isThrown) expect(evaluate).toThrow(error)
    else expect(evaluate().outcome).toMatchObject({ kind: 'failed', message: error.message })
    expect(engine.live).toBe(0)
  })

  it('leaves everything else as it is', () => {
    const { outcome } = evaluateSafely(createEvaluator(smallFear), smallRequest, smallContext(new ScriptedEngine()))
    expect(outcome.kind).toBe('below-threshold')
  })
})

describe('createEvaluator', () => {
  it('makes an evaluator by its name, which no other has', () => {
    expect(new Set(evaluatorNames).size).toBe(evaluatorNames.length)
    expect(createEvaluator({ name: 'full-training' }).name).toBe('full-training')
    expect(createEvaluator(smallFear).name).toBe('fear')
  })
})
