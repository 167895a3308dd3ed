import { describe, expect, it } from 'vitest'
import { learningRateAt } from '../../src/training/schedule.js'

describe('learningRateAt', () => {
  it.each([
    { epoch: 0, rate: 0.1 },
    { epoch: 50, rate: 0.05 * (1 + Math.SQRT1_2) },
    { epoch: 100, rate: 0.05 },
    { epoch: 199, rate: 6.168375916970619e-6 },
  ])('decays by cosine to $rate at epoch $epoch of 200', ({ epoch, rate }) => {
    expect(learningRateAt('cosine', 0.1, epoch, 200)).toBeCloseTo(rate, 15)
  })

  it('stays where it is if constant', () => {
    expect(learningRateAt('constant', 0.1, 29, 30)).toBe(0.1)
  })
})
