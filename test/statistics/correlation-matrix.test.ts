import { describe, expect, it } from 'vitest'
import { correlationMatrix } from '../../src/statistics/correlation-matrix.js'

describe('the correlation of rows', () => {
  it("is numpy's", () => {
    // python3 -c "import numpy as np; print(np.corrcoef([[1, 2, 4, 3], [2, -1, 0, 5], [3, 1, 4, 1.]]))"
    const matrix = correlationMatrix(Float32Array.of(1, 2, 4, 3, 2, -1, 0, 5, 3, 1, 4, 1), 3)
    const expected = [1, 0, 0.25819889, 0, 1, -0.29397237, 0.25819889, -0.29397237, 1]
    expected.forEach((value, i) => {
      expect(matrix[i]).toBeCloseTo(value, 8)
    })
  })

  it('does not care about scale and offset, but for the sign', () => {
    const matrix = correlationMatrix(Float32Array.of(1, 2, 5, 12, 14, 20, -1, -2, -5), 3)
    expect([...matrix]).toEqual([1, 1, -1, 1, 1, -1, -1, -1, 1].map((value) => expect.closeTo(value, 12)))
  })

  it('is not a number for a constant row', () => {
    const matrix = correlationMatrix(Float32Array.of(1, 2, 3, 3), 2)
    expect([...matrix]).toEqual([expect.closeTo(1, 12), NaN, NaN, NaN])
  })
})
