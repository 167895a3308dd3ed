import { describe, expect, it } from 'vitest'
import { chiSquare, chiSquareLimits, tally } from '../../src/conformance/chi-square.js'
import type { NetworkSpec } from '../../src/networks/network-spec.js'
import { parameterLayout } from '../../src/networks/parameters.js'
import { initialWeights } from '../../src/networks/weights.js'
import { createRng } from '../../src/platform/rng.js'
import { twoConvolutions } from './two-convolutions.js'

/** Wide enough for its weights to be tested as a sample: 64 convolution weights of fan in 64 a channel. */
const wide: NetworkSpec = {
  ...twoConvolutions,
  nodes: twoConvolutions.nodes.map((node, i) => ({ ...node, channels: i === 0 ? 3 : 64 })),
}

describe('initialWeights', () => {
  it('is a function of the seed', () => {
    expect(initialWeights(twoConvolutions, createRng(1))).toEqual(initialWeights(twoConvolutions, createRng(1)))
    expect(initialWeights(twoConvolutions, createRng(1))).not.toEqual(initialWeights(twoConvolutions, createRng(2)))
  })

  it('draws the parameters in the order of the layout', () => {
    const rng = createRng('order')
    const { parameters } = initialWeights(twoConvolutions, createRng('order'))
    // 18 weights of fan in 9, then gamma and beta, which draw nothing, then 6 weights of fan in 2.
    const firstDraws = Array.from({ length: 18 }, () => Math.fround((1 / 3) * (2 * rng.nextFloat() - 1)))
    expect([...parameters.subarray(0, 18)]).toEqual(firstDraws)
    expect(parameters[22]).toBe(Math.fround(Math.SQRT1_2 * (2 * rng.nextFloat() - 1)))
  })

  it('sets batch norm to the identity', () => {
    const { parameters, runningMean, runningVariance } = initialWeights(twoConvolutions, createRng(1))
    for (const { kind, offset, size } of parameterLayout(twoConvolutions).parameters) {
      const values = new Set(parameters.subarray(offset, offset + size))
      if (kind === 'bn-gamma') expect(values).toEqual(new Set([1]))
      if (kind === 'bn-beta') expect(values).toEqual(new Set([0]))
    }
    expect([...runningMean]).toEqual([0, 0, 0, 0, 0])
    expect([...runningVariance]).toEqual([1, 1, 1, 1, 1])
  })

  it.each([
    { name: 'first.conv', fanIn: 27 },
    { name: 'second.conv', fanIn: 64 },
    { name: 'classifier.weight', fanIn: 64 },
  ])('draws $name uniformly within 1/sqrt($fanIn)', ({ name, fanIn }) => {
    const { parameters } = initialWeights(wide, createRng('uniform'))
    const found = parameterLayout(wide).parameters.find((parameter) => parameter.name === name)
    const { offset, size } = found ?? { offset: 0, size: 0 }
    const values = parameters.subarray(offset, offset + size)
    let i = 0
    const counts = tally(10, values.length, () => Math.floor(5 * ((values[i++] as number) * Math.sqrt(fanIn) + 1)))
    expect(counts.reduce((a, b) => a + b)).toBeGreaterThan(300)
    expect(chiSquare(counts)).toBeLessThan(chiSquareLimits[9])
  })

  it('keeps the bias within the bound of the weights beside it', () => {
    const { parameters } = initialWeights(wide, createRng('bias'))
    const bias = parameters.subarray(parameters.length - wide.classes)
    expect(Math.max(...bias.map(Math.abs))).toBeLessThanOrEqual(1 / 8)
    expect(new Set(bias).size).toBe(wide.classes)
  })
})
