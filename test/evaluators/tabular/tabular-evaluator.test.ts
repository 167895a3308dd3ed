import { describe, expect, it } from 'vitest'
import { noCost } from '../../../src/evaluators/outcome.js'
import { createEvaluator } from '../../../src/evaluators/registry.js'
import { createTabularEvaluator } from '../../../src/evaluators/tabular/tabular-evaluator.js'
import { natsTss } from '../../../src/spaces/nats-tss/index.js'
import { readTable, tableText, writeTable } from './small-table.js'

const text = tableText({ test: [50, 90], proxy: [-3, 250], time: [7, 9] })

describe('the tabular evaluator', () => {
  it('scores by a column and books constant seconds', () => {
    const { evaluate } = createTabularEvaluator(readTable(text), { score: 'test', seconds: 12 })
    const cost = { ...noCost, computeSeconds: 12 }
    expect(evaluate({ architecture: natsTss.at(1) })).toEqual({
      outcome: {
        kind: 'scored',
        score: 0.9,
        metric: 'table',
        trainAccuracy: null,
        validationAccuracy: null,
        cost,
        phases: { table: cost },
      },
    })
  })

  it('takes any score, and seconds of a column', () => {
    const { evaluate } = createTabularEvaluator(readTable(text), { score: 'proxy', seconds: 'time' })
    expect([0, 1].map((i) => evaluate({ architecture: natsTss.at(i) }).outcome)).toMatchObject([
      { score: -3, cost: { computeSeconds: 7 } },
      { score: 250, cost: { computeSeconds: 9 } },
    ])
  })

  it('refuses columns that are not there before it evaluates anything', () => {
    const table = readTable(text)
    expect(() => createTabularEvaluator(table, { score: 'tests', seconds: 1 })).toThrow('Did you mean test?')
    expect(() => createTabularEvaluator(table, { score: 'test', seconds: 'times' })).toThrow('Did you mean time?')
  })

  it('throws on an architecture that the table lacks', () => {
    const { evaluate } = createTabularEvaluator(readTable(text), { score: 'test', seconds: 1 })
    expect(() => evaluate({ architecture: natsTss.at(2) })).toThrow(`has no architecture ${natsTss.at(2)}`)
  })

  it('is made by its name', () => {
    const options = {
      name: 'tabular',
      table: writeTable(text),
      space: { name: 'nats-tss' },
      score: 'test',
      seconds: 1,
    } as const
    expect(createEvaluator({ ...options, partial: true }).name).toBe('tabular')
    expect(() => createEvaluator({ ...options, partial: false })).toThrow('lacks 15623 of the 15625')
  })
})
