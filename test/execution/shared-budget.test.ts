import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { overBudget, SharedBudget, type SharedCost } from '../../src/execution/shared-budget.js'
import { ManualClock } from '../../src/platform/clock.js'
import { noCost } from '../../src/training/cost.js'

/** Whole numbers, whose sums are exact. */
const cost = fc.record({ computeSeconds: fc.nat(20), epochs: fc.nat(20), trainingFlops: fc.nat(20) })
const names = ['computeSeconds', 'epochs', 'trainingFlops'] as const

function sum(costs: readonly SharedCost[], name: keyof SharedCost): number {
  return costs.reduce((total, one) => total + one[name], 0)
}

describe('a budget that running trials share', () => {
  it('is over when finished and running trials together have spent more than a limit, not when exactly that', () => {
    fc.assert(
      fc.property(cost, cost, fc.array(cost, { minLength: 1, maxLength: 4 }), (limits, finished, running) => {
        const shared = SharedBudget.create(limits, running.length)
        shared.setFinished(finished)
        for (const [i, spent] of running.entries()) shared.setRunning(SharedBudget.firstRow + i, spent)
        expect(shared.isOver()).toBe(names.some((name) => sum([finished, ...running], name) > limits[name]))
      }),
    )
  })

  it('has no limit where there is none, and is over once it is closed', () => {
    const none = { computeSeconds: Infinity, epochs: Infinity, trainingFlops: Infinity }
    const shared = SharedBudget.create(none, 1)
    shared.setRunning(SharedBudget.firstRow, { computeSeconds: 1e9, epochs: 1e9, trainingFlops: 1e30 })
    expect(shared.isOver()).toBe(false)
    shared.close()
    expect(shared.isOver()).toBe(true)
    const unspent = SharedBudget.create(none, 1)
    unspent.close()
    expect(unspent.isOver()).toBe(true)
  })

  it('is the same in another process, which keeps what its own trial has spent', () => {
    fc.assert(
      fc.property(cost, cost, cost, cost, (limits, finished, own, other) => {
        const here = SharedBudget.create(limits, 2)
        const [row, otherRow] = [SharedBudget.firstRow, SharedBudget.firstRow + 1]
        const there = SharedBudget.copy(here.values())
        there.setRunning(row, own)
        here.setFinished(finished)
        here.setRunning(otherRow, other)
        there.setValues(here.values(), row)
        expect(there.running(row)).toEqual(own)
        expect(there.running(otherRow)).toEqual(other)
        here.setRunning(row, own)
        expect(there.values()).toEqual(here.values())
      }),
    )
  })

  it('ends a trial that fits in exactly neither by cost nor by the clock, and every other', () => {
    const clock = new ManualClock()
    const { buffer } = SharedBudget.create({ computeSeconds: Infinity, epochs: 1, trainingFlops: Infinity }, 2)
    const [first, second] = [0, 1].map((i) =>
      overBudget({ buffer, row: SharedBudget.firstRow + i, wallSeconds: 4 }, clock),
    )
    clock.advance(4)
    expect(first?.({ ...noCost, epochs: 0.7 })).toBe(false)
    // A little more than three tenths, by rounding.
    expect(second?.({ ...noCost, epochs: 0.1 + 0.2 })).toBe(false)
    expect(second?.({ ...noCost, epochs: 0.4 })).toBe(true)
    expect(first?.({ ...noCost, epochs: 0.5 })).toBe(false)
    clock.advance(0.5)
    expect(first?.({ ...noCost, epochs: 0.5 })).toBe(true)
  })
})
