import { describe, expect, it } from 'vitest'
import { mean, median, standardDeviation, standardError } from '../../src/statistics/sample.js'

// python3 -c "import numpy as np; v = [2,4,4,4,5,5,7,9]; s = np.std(v, ddof=1); print(s, s / np.sqrt(8))" (numpy)
const values = [7, 4, 2, 5, 4, 9, 4, 5]

it.each([
  { name: 'mean', statistic: mean, expected: 5 },
  { name: 'median', statistic: median, expected: 4.5 },
  { name: 'standardDeviation', statistic: standardDeviation, expected: 2.138089935299395 },
  { name: 'standardError', statistic: standardError, expected: 0.7559289460184544 },
])('$name of eight numbers is $expected', ({ statistic, expected }) => {
  expect(statistic(values)).toBeCloseTo(expected, 14)
})

describe('too few values', () => {
  it('have a mean and a median from one value on', () => {
    expect([mean([3]), median([3])]).toEqual([3, 3])
    expect([mean([]), median([])]).toEqual([null, null])
  })

  it('have a spread from two values on', () => {
    expect([standardDeviation([3]), standardError([3])]).toEqual([null, null])
    expect(standardDeviation([1, 3])).toBeCloseTo(Math.SQRT2, 14)
    expect(standardError([1, 3])).toBeCloseTo(1, 14)
  })
})

it.each([mean, median, standardDeviation, standardError])('%o throws on NaN', (statistic) => {
  expect(() => statistic([1, Number.NaN])).toThrow(RangeError)
})

it('leaves its argument in order', () => {
  const unsorted = Object.freeze([3, 1, 2])
  expect(median(unsorted)).toBe(2)
})
