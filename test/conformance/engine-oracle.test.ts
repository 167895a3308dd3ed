import { describe, expect, it } from 'vitest'
import { cellNetwork, conformanceNetworks, steadyNetworks } from '../../src/conformance/engine/networks.js'
import { Float64Network, float64Engine } from '../../src/conformance/engine/oracle.js'
import { makeBatch, makeWeights, recurringBatch, usualOptions } from '../../src/conformance/engine/suite.js'
import type { NetworkSpec } from '../../src/networks/network-spec.js'
import { parameterLayout } from '../../src/networks/parameters.js'
import { createRng } from '../../src/platform/rng.js'

describe('the double precision oracle', () => {
  it.each([...conformanceNetworks])('differentiates its own loss: %s', (_, spec) => {
    const network = new Float64Network(spec, makeWeights(spec))
    const batch = makeBatch(spec, 3)
    const gradient = network.gradients(batch)
    const step = 1e-6
    for (const { name, offset, size } of parameterLayout(spec).parameters) {
      for (let i = offset; i < offset + size; i += Math.max(1, Math.floor(size / 3))) {
        network.perturb(i, step)
        const above = network.loss(batch)
        network.perturb(i, -2 * step)
        const below = network.loss(batch)
        network.perturb(i, step)
        expect((above - below) / (2 * step), `${name}[${i - offset}]`).toBeCloseTo(gradient[i] as number, 6)
      }
    }
  })

  it('gives the loss of a uniform guess where every logit is zero', () => {
    const spec = cellNetwork(1)
    const weights = makeWeights(spec)
    for (const { kind, offset, size } of parameterLayout(spec).parameters) {
      if (kind === 'linear-weight' || kind === 'linear-bias') weights.parameters.fill(0, offset, offset + size)
    }
    expect(float64Engine.create(spec, weights).evaluate(makeBatch(spec, 4)).loss).toBeCloseTo(Math.log(5), 12)
  })
})

describe('a start perturbed by a few float32 roundings', () => {
  const roundings = 4 * 2 ** -23

  it.each([...steadyNetworks])('trains alike for fifty steps: %s', (_, spec) => {
    for (const seed of [1, 2, 3]) expect(deviation(spec, seed)).toBeLessThan(1e-5)
  })

  it('does not in a network of many activations', () => {
    expect(deviation(cellNetwork(3), 1)).toBeGreaterThan(1e-4)
  })

  /** The largest relative difference of the loss in fifty steps. */
  function deviation(spec: NetworkSpec, seed: number): number {
    const weights = makeWeights(spec)
    const rng = createRng('perturbation', seed)
    const exact = new Float64Network(spec, weights)
    const perturbed = new Float64Network(spec, weights)
    weights.parameters.forEach((value, i) => {
      perturbed.perturb(i, value * roundings * (rng.next() < 0.5 ? 1 : -1))
    })
    const deviations = Array.from({ length: 50 }, (_, i) => {
      const batch = recurringBatch(spec, i + 1)
      return Math.abs(perturbed.trainStep(batch, usualOptions).loss / exact.trainStep(batch, usualOptions).loss - 1)
    })
    return Math.max(...deviations)
  }
})
