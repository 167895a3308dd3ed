import { describe, expect, it } from 'vitest'
import { mostProbable } from '../../src/networks/most-probable.js'

describe('mostProbable', () => {
  it('is the class of the largest logit, with the softmax', () => {
    const { label, probabilities, probability } = mostProbable(Float32Array.of(1, 3, 2))
    expect(label).toBe(1)
    expect(probability).toBe(probabilities[1])
    expect(probability).toBeCloseTo(Math.exp(3) / (Math.exp(1) + Math.exp(2) + Math.exp(3)), 6)
    expect(probabilities.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6)
  })

  it('tells logits apart whose probabilities round to the same number', () => {
    const { label, probabilities } = mostProbable(Float32Array.of(0, 1e-9))
    expect(probabilities[0]).toBe(probabilities[1])
    expect(label).toBe(1)
  })

  it('takes the first of equal logits, and survives large ones', () => {
    expect(mostProbable(Float32Array.of(-1, 2, 2)).label).toBe(1)
    expect(mostProbable(Float32Array.of(1000, -1000)).probability).toBe(1)
  })
})
