import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { percentileInterval, quantile } from '../../src/statistics/interval.js'

const numbers = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 50 })

describe('a quantile', () => {
  // python3 -c "import numpy as np
  // x = [3.5, -1, 2, 2, 10, 7.25, 0.5]
  // print([float(np.quantile(x, p)) for p in (0, .025, .25, .5, .9, .975, 1)])"
  it.each([
    [0, -1],
    [0.025, -0.7749999999999999],
    [0.25, 1.25],
    [0.5, 2],
    [0.9, 8.350000000000001],
    [0.975, 9.587499999999999],
    [1, 10],
  ])('at %d agrees with numpy', (p, expected) => {
    expect(quantile([3.5, -1, 2, 2, 10, 7.25, 0.5], p)).toBeCloseTo(expected, 12)
  })

  it('lies among the values and does not fall with p', () => {
    fc.assert(
      fc.property(
        numbers,
        fc.double({ noNaN: true, min: 0, max: 1 }),
        fc.double({ noNaN: true, min: 0, max: 1 }),
        (values, a, b) => {
          const [low, high] = [quantile(values, Math.min(a, b)), quantile(values, Math.max(a, b))]
          expect(low).toBeLessThanOrEqual(high)
          expect(low).toBeGreaterThanOrEqual(Math.min(...values))
          expect(high).toBeLessThanOrEqual(Math.max(...values))
        },
      ),
    )
  })

  it('refuses what has none', () => {
    expect(() => quantile([], 0.5)).toThrow(RangeError)
    expect(() => quantile([1, Number.NaN], 0.5)).toThrow(RangeError)
    expect(() => quantile([1], 1.5)).toThrow(RangeError)
  })
})

describe('a percentile interval', () => {
  it('leaves out 2.5 % on both sides', () => {
    // np.quantile(range(1, 101), [.025, .975]) is [3.475, 97.525].
    const interval = percentileInterval(Array.from({ length: 100 }, (_, i) => 100 - i))
    expect(interval?.mean).toBeCloseTo(50.5, 12)
    expect(interval?.low).toBeCloseTo(3.475, 12)
    expect(interval?.high).toBeCloseTo(97.525, 12)
  })

  it('takes other levels: half of the values between the quartiles', () => {
    expect(percentileInterval([0, 1, 2, 3, 4], { level: 0.5 })).toEqual({ mean: 2, low: 1, high: 3 })
  })

  it('of no values is null, and has no bounds where a tail holds less than one value', () => {
    expect(percentileInterval([])).toBeNull()
    expect(percentileInterval([7])).toEqual({ mean: 7, low: null, high: null })
    const values = (length: number) => Array.from({ length }, () => 7)
    expect(percentileInterval(values(39))).toEqual({ mean: 7, low: null, high: null })
    expect(percentileInterval(values(40))).toEqual({ mean: 7, low: 7, high: 7 })
    expect(percentileInterval(values(4), { level: 0.5 })).toEqual({ mean: 7, low: 7, high: 7 })
  })

  it('has no bounds where the values were resampled from fewer than five units', () => {
    const values = Array.from({ length: 1000 }, (_, i) => i % 3)
    for (const units of [1, 2, 3, 4]) {
      expect(percentileInterval(values, { units })).toMatchObject({ low: null, high: null })
    }
    expect(percentileInterval(values, { units: 5 })).toMatchObject({ low: 0, high: 2 })
  })
})
