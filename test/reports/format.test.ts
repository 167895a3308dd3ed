import { describe, expect, it } from 'vitest'
import {
  formatAccuracy,
  formatCoefficient,
  formatDuration,
  formatFlops,
  formatPoints,
  formatRatio,
} from '../../src/reports/format.js'

describe('numbers', () => {
  it.each([
    [formatDuration(3.08), '3.1 s'],
    [formatDuration(59.6), '1 min 00 s'],
    [formatDuration(75), '1 min 15 s'],
    [formatDuration(3 * 3600 + 7 * 60), '3 h 07 min'],
    [formatDuration(Number.NaN), '-'],
    [formatAccuracy(0.87654), '87.65 %'],
    [formatAccuracy(null), '-'],
    [formatPoints(-0.0031), '-0.31 points'],
    [formatPoints(0.004), '+0.40 points'],
    [formatRatio(2.4), '2.40x'],
    [formatCoefficient(0.81234), '0.812'],
    [formatFlops(0), '0.00 FLOP'],
    [formatFlops(453e9), '453 GFLOP'],
    [formatFlops(1.5e15), '1.50 PFLOP'],
  ])('read %s', (text, expected) => {
    expect(text).toBe(expected)
  })
})
