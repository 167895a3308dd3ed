import fc from 'fast-check'
import { expect, it } from 'vitest'
import { averageRanks } from '../../src/statistics/ranks.js'

it.each([
  { values: [], ranks: [] },
  { values: [0.5], ranks: [1] },
  { values: [30, 10, 20], ranks: [3, 1, 2] },
  // python3 -c "from scipy.stats import rankdata; print(rankdata([3, -1, 3, 2, 2, 3]))" (scipy 1.17.1)
  { values: [3, -1, 3, 2, 2, 3], ranks: [5, 1, 5, 2.5, 2.5, 5] },
  { values: [0, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY], ranks: [2.5, 2.5, 4, 1] },
])('averageRanks($values) is $ranks', ({ values, ranks }) => {
  expect(averageRanks(values)).toEqual(ranks)
})

it('averageRanks is the number of smaller values plus the middle of the equal ones', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -5, max: 5 })), (values) => {
      const expected = values.map((value) => {
        const smaller = values.filter((other) => other < value).length
        const equal = values.filter((other) => other === value).length
        return smaller + (equal + 1) / 2
      })
      expect(averageRanks(values)).toEqual(expected)
    }),
  )
})

it('averageRanks throws on NaN', () => {
  expect(() => averageRanks([Number.NaN])).toThrow(RangeError)
})
