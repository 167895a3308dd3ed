import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Channels } from '../../src/execution/channel/channels.js'
import { budgetUnits, overBudget, rejectionReference, type TaskBudget } from '../../src/execution/task-limits.js'
import { ManualClock } from '../../src/platform/clock.js'
import { noCost } from '../../src/training/cost.js'

/** Whole numbers, whose sums are exact. */
const cost = fc.record({ computeSeconds: fc.nat(20), epochs: fc.nat(20), trainingFlops: fc.nat(20) })

function open(tasks: number) {
  const channels = new Channels()
  const numbers = { computeSeconds: 'sum', epochs: 'sum', trainingFlops: 'sum', cheapest: 'min' } as const
  const channel = channels.open(numbers, tasks)
  const ends = Array.from({ length: tasks }, () => channels.rowOf({ channel: channel.join().ref }))
  return { channel, ends }
}

describe('a budget that running trials share', () => {
  it('is over when finished and running trials together have spent more than a limit, not when exactly that', () => {
    fc.assert(
      fc.property(cost, cost, fc.array(cost, { minLength: 1, maxLength: 4 }), (limits, finished, running) => {
        const { channel, ends } = open(running.length)
        for (const unit of budgetUnits) channel.publish(unit, finished[unit])
        const clock = new ManualClock()
        const isOver = ends.map((end) => overBudget({ limits }, end, clock))
        const answers = running.map((spent, i) => isOver[i]?.({ ...noCost, ...spent }))
        const sum = (unit: (typeof budgetUnits)[number]): number =>
          [finished, ...running].reduce((total, spent) => total + spent[unit], 0)
        expect(answers.at(-1)).toBe(budgetUnits.some((unit) => sum(unit) > limits[unit]))
      }),
    )
  })

  it('has no limit where there is none, and is over once the driver aborts', () => {
    for (const budget of [{ limits: {} }, undefined]) {
      const { channel, ends } = open(1)
      const isOver = overBudget(budget, ends[0] ?? null, new ManualClock())
      const spent = { ...noCost, computeSeconds: 1e9, epochs: 1e9, trainingFlops: 1e30 }
      expect(isOver?.(spent)).toBe(false)
      channel.abort()
      expect(isOver?.(spent)).toBe(true)
    }
    expect(overBudget(undefined, null, new ManualClock())).toBeUndefined()
  })

  it('ends a trial that fits in exactly neither by cost nor by the clock, and every other', () => {
    const clock = new ManualClock()
    const { ends } = open(2)
    const budget: TaskBudget = { limits: { epochs: 1 }, wallSeconds: 4 }
    const [first, second] = ends.map((end) => overBudget(budget, end, clock))
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

describe('the reference of a task', () => {
  it('does not move where it is fixed, and is Infinity where there is none', () => {
    const fixed = rejectionReference({ kind: 'fixed', cheapest: 2 }, null)
    const none = rejectionReference(undefined, null)
    for (const reference of [fixed, none]) reference.offer({ ...noCost, computeSeconds: 1 })
    expect([fixed.cheapest(), none.cheapest()]).toEqual([2, Infinity])
  })

  it('is the smallest offer of all tasks where it is shared, Infinity until there is one', () => {
    const { channel, ends } = open(2)
    const [one, other] = ends.map((end) => rejectionReference({ kind: 'shared', number: 'cheapest' }, end))
    expect(one?.cheapest()).toBe(Infinity)
    one?.offer({ ...noCost, computeSeconds: 3.25 })
    other?.offer({ ...noCost, computeSeconds: 4 })
    expect(other?.cheapest()).toBe(3.25)
    other?.offer({ ...noCost, computeSeconds: 0.1 })
    expect([one?.cheapest(), channel.read('cheapest')]).toEqual([0.1, 0.1])
  })

  it('needs a channel where it is shared, and so does a budget', () => {
    expect(() => rejectionReference({ kind: 'shared', number: 'cheapest' }, null)).toThrow('must name its channel')
    expect(() => overBudget({ limits: {} }, null, new ManualClock())).toThrow('must name its channel')
  })
})
