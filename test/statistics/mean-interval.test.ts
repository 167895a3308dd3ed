import { describe, expect, it } from 'vitest'
import { meanInterval, studentQuantile } from '../../src/statistics/mean-interval.js'

// python3 -c "from scipy import stats; print([stats.t.ppf(.975, v) for v in (2, 3, 5, 10, 29, 999)])"
const quantiles = [
  [2, 4.302652729749462, 0.0076],
  [3, 3.1824463052837078, 0.0013],
  [5, 2.5705818356363146, 0.00011],
  [10, 2.2281388519862744, 1e-5],
  [29, 2.045229642132703, 1e-7],
  [999, 1.9623414611334493, 1e-7],
] as const

describe('Student interval of a mean', () => {
  it.each(quantiles)(
    'has the quantile of scipy at %i degrees of freedom, %f, within %f of it',
    (freedom, exact, error) => {
      expect(Math.abs(studentQuantile(freedom) / exact - 1)).toBeLessThan(error)
    },
  )

  it('is the interval of scipy', () => {
    // x = [.1, .4, .35, .8, .2]; stats.t.interval(.95, 4, loc=np.mean(x), scale=stats.sem(x))
    const interval = meanInterval([0.1, 0.4, 0.35, 0.8, 0.2])
    expect(interval?.mean).toBeCloseTo(0.37, 12)
    expect(interval?.low).toBeCloseTo(0.03682658737626482, 3)
    expect(interval?.high).toBeCloseTo(0.7031734126237352, 3)
  })

  it.each([[[]], [[1]], [[1, 2]]])('is not given for %j', (values) => {
    expect(meanInterval(values)).toBeNull()
  })

  it('is a point where all values are equal, and refuses NaN', () => {
    expect(meanInterval([2, 2, 2])).toEqual({ mean: 2, low: 2, high: 2 })
    expect(() => meanInterval([1, Number.NaN, 2])).toThrow(RangeError)
  })
})
