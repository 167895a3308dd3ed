import { describe, expect, it } from 'vitest'
import { createRng } from '../../src/platform/rng.js'
import { logDeterminantAndInverseTrace } from '../../src/statistics/cholesky.js'

describe('the logarithm of the determinant, and the trace of the inverse', () => {
  it('of a diagonal matrix are those of its entries', () => {
    const { logDeterminant, inverseTrace } = logDeterminantAndInverseTrace(Float64Array.of(2, 0, 0, 0.25), 2)
    expect(logDeterminant).toBeCloseTo(Math.log(0.5), 14)
    expect(inverseTrace).toBeCloseTo(4.5, 14)
  })

  it("are numpy's", () => {
    // python3 -c "import numpy as np; m = np.array([[4, 1, 2], [1, 3, 0], [2, 0, 5.]])
    // print(np.linalg.slogdet(m), np.trace(np.linalg.inv(m)))"
    // The determinant is 43, the minors of the diagonal 15, 16 and 11.
    const { logDeterminant, inverseTrace } = logDeterminantAndInverseTrace(
      Float64Array.of(4, 1, 2, 1, 3, 0, 2, 0, 5),
      3,
    )
    expect(logDeterminant).toBeCloseTo(3.761200115693563, 14)
    expect(inverseTrace).toBeCloseTo(0.9767441860465117, 14)
  })

  it('are sums over known eigenvalues, also over those near zero', () => {
    // ones + d: eigenvalues n + d once and d otherwise.
    const size = 40
    const matrix = Float64Array.from({ length: size * size }, (_, i) => (i % (size + 1) === 0 ? 1 + 1e-5 : 1))
    const { logDeterminant, inverseTrace } = logDeterminantAndInverseTrace(matrix, size)
    expect(logDeterminant).toBeCloseTo(Math.log(size + 1e-5) + (size - 1) * Math.log(1e-5), 6)
    expect(inverseTrace / ((size - 1) * 1e5 + 1 / (size + 1e-5))).toBeCloseTo(1, 9)
  })

  it('do not change when rows and columns are exchanged together', () => {
    const rng = createRng('cholesky')
    const size = 12
    const rows = Array.from({ length: size }, () => Array.from({ length: 20 }, () => rng.normal()))
    const gram = (order: readonly number[]) =>
      Float64Array.from(
        order.flatMap((i) =>
          order.map((j) =>
            (rows[i] as number[]).reduce((sum, v, k) => sum + v * ((rows[j] as number[])[k] as number), 0),
          ),
        ),
      )
    const straight = logDeterminantAndInverseTrace(gram(rows.map((_, i) => i)), size)
    const turned = logDeterminantAndInverseTrace(gram(rows.map((_, i) => size - 1 - i)), size)
    expect(turned.logDeterminant).toBeCloseTo(straight.logDeterminant, 10)
    expect(turned.inverseTrace).toBeCloseTo(straight.inverseTrace, 10)
  })

  it('are not numbers where the matrix is not positive definite', () => {
    const { logDeterminant, inverseTrace } = logDeterminantAndInverseTrace(Float64Array.of(1, 2, 2, 1), 2)
    expect(logDeterminant).toBeNaN()
    expect(inverseTrace).toBeNaN()
  })
})
