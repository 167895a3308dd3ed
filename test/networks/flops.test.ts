import { describe, expect, it } from 'vitest'
import { forwardFlops, trainingFlops, trunkFlops } from '../../src/networks/flops.js'
import { twoConvolutions } from './two-convolutions.js'

// By hand, multiply-adds: first 3*3*1 a value * 2*4*4 values, second 1*1*2 * 3*2*2, head 5*3. A multiply-add is two.
const first = 2 * 9 * 32
const second = 2 * 2 * 12
const head = 2 * 15

it('forwardFlops counts convolutions and the linear layer', () => {
  expect(forwardFlops(twoConvolutions)).toBe(first + second + head)
})

it('trunkFlops counts up to a node', () => {
  expect(trunkFlops(twoConvolutions, 0)).toBe(0)
  expect(trunkFlops(twoConvolutions, 1)).toBe(first)
  expect(trunkFlops(twoConvolutions, 3)).toBe(first + second)
})

describe('trainingFlops', () => {
  it.each([
    { what: 'everything, without a gradient of the image', options: {}, flops: 2 * first + 3 * second + 3 * head },
    { what: 'above a cut', options: { frozenAt: 1 }, flops: first + 2 * second + 3 * head },
    { what: 'on cached features', options: { frozenAt: 1, cachedFeatures: true }, flops: 2 * second + 3 * head },
    { what: 'the head alone', options: { frozenAt: 3 }, flops: first + second + 3 * head },
    { what: 'the head alone on features', options: { frozenAt: 3, cachedFeatures: true }, flops: 3 * head },
  ])('of $what is $flops', ({ options, flops }) => {
    expect(trainingFlops(twoConvolutions, options)).toBe(flops)
  })

  it('saves exactly the trunk with cached features', () => {
    for (const { node } of twoConvolutions.cuts) {
      const saved =
        trainingFlops(twoConvolutions, { frozenAt: node }) -
        trainingFlops(twoConvolutions, { frozenAt: node, cachedFeatures: true })
      expect(saved).toBe(trunkFlops(twoConvolutions, node))
    }
  })
})
