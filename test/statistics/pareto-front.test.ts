import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dominates, paretoFront } from '../../src/statistics/pareto-front.js'

/** Few numbers, so that many are equal; no negative zero, which is equal to zero and yet another. */
const number = fc.oneof(fc.integer({ min: 0, max: 6 }), fc.double({ noNaN: true })).map((n) => n + 0)
const points = fc.array(fc.record({ cost: number, value: number }), { maxLength: 60 })

describe('a Pareto front', () => {
  it('has no member that a point dominates', () => {
    fc.assert(
      fc.property(points, (all) => {
        for (const member of paretoFront(all)) expect(all.filter((point) => dominates(point, member))).toEqual([])
      }),
    )
  })

  it('leaves out nothing that no member dominates', () => {
    fc.assert(
      fc.property(points, (all) => {
        const front = paretoFront(all)
        for (const point of all.filter((candidate) => !front.includes(candidate))) {
          expect(front.some((member) => dominates(member, point))).toBe(true)
        }
      }),
    )
  })

  it('rises in cost and value, and holds equal points all or none, in their order', () => {
    fc.assert(
      fc.property(points, (all) => {
        const front = paretoFront(all)
        front.forEach((member, i) => {
          const before = front[i - 1]
          if (before === undefined) return
          const isEqual = before.cost === member.cost && before.value === member.value
          if (isEqual) expect(all.indexOf(before)).toBeLessThan(all.indexOf(member))
          else expect(before.cost < member.cost && before.value < member.value).toBe(true)
        })
        const alike = (a: (typeof all)[number]) => (b: (typeof all)[number]) => a.cost === b.cost && a.value === b.value
        for (const member of front) expect(front.filter(alike(member))).toHaveLength(all.filter(alike(member)).length)
      }),
    )
  })

  it('does not depend on the order of the points, and is its own front', () => {
    fc.assert(
      fc.property(points, (all) => {
        const front = paretoFront(all)
        expect(paretoFront(all.toReversed()).map(({ cost, value }) => [cost, value])).toEqual(
          front.map(({ cost, value }) => [cost, value]),
        )
        expect(paretoFront(front)).toEqual(front)
      }),
    )
  })

  it('leaves out what is not a number, and has something wherever anything is one', () => {
    const odd = [
      { cost: 1, value: Number.NaN },
      { cost: Number.NaN, value: 9 },
    ]
    expect(paretoFront(odd)).toEqual([])
    fc.assert(
      fc.property(points, (all) => {
        expect(paretoFront([...odd, ...all])).toEqual(paretoFront(all))
        expect(paretoFront(all).length > 0).toBe(all.length > 0)
      }),
    )
  })
})
