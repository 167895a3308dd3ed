import { expect } from 'vitest'
import type { Batch, TrainableNetwork } from '../../engines/engine.js'
import { parameterLayout } from '../../networks/parameters.js'
import { createRng } from '../../platform/rng.js'
import { cellNetwork, conformanceNetworks } from './networks.js'
import { type EngineSuite, expectParameters, makeBatch, makeWeights, noUpdate, withBoth, withNetwork } from './suite.js'

/** The gradient of every parameter, against the oracle and against finite differences of the engine's own loss. */
export function gradientChecks(suite: EngineSuite): void {
  for (const [name, spec] of conformanceNetworks) {
    suite.check(`gradients agree with the oracle: ${name}`, () => {
      withBoth(suite, spec, (network, oracle) => {
        const batch = makeBatch(spec, 8)
        expectParameters(spec, network.gradients(batch), oracle.gradients(batch), 'gradients')
      })
    })
  }

  for (const name of [
    'conv 3x3, stride 2, relu, batch norm',
    'average pool 3x3',
    'several edges between the same nodes',
  ]) {
    suite.check(`gradients agree with finite differences: ${name}`, () => {
      const spec = conformanceNetworks.get(name)
      if (spec === undefined) throw new RangeError(`no network called ${name}`)
      withNetwork(suite, spec, (network) => expectFiniteDifferences(network, makeBatch(spec, 8)))
    })
  }

  suite.check('gradients leave the network as it was', () => {
    const spec = cellNetwork(3)
    withNetwork(suite, spec, (network) => {
      network.gradients(makeBatch(spec, 8))
      expect(network.weights()).toEqual(makeWeights(spec))
    })
  })

  suite.check('gradients cover every parameter whatever is frozen', () => {
    const spec = cellNetwork(3)
    withNetwork(suite, spec, (network) => {
      const batch = makeBatch(spec, 8)
      const free = network.gradients(batch)
      network.freezeUpTo('cells.2', 'running')
      expect(network.gradients(batch)).toEqual(free)
    })
  })
}

/**
 * For each parameter tensor: the slope of the loss along its gradient and along a random direction.
 *
 * A float32 loss near 1 is known to about 1e-7. The steps are chosen to change the loss by 6e-4 to 6e-5 between their
 * two ends, so rounding costs 2e-4 to 2e-3 of the slope. A ReLU whose input changes sign between the ends can cause
 * several per cent of error, but a longer or shorter step affects other ones: the best of three must be within 5 %. A
 * wrong gradient of an operation differs by tens of per cent at every step; small errors are found by the oracle.
 */
function expectFiniteDifferences(network: TrainableNetwork, batch: Batch): void {
  const start = network.weights()
  const gradient = network.gradients(batch)
  const lossAt = (direction: Float64Array, step: number) => {
    const parameters = start.parameters.map((value, i) => value + step * (direction[i] as number))
    network.setWeights({ ...start, parameters })
    return network.trainStep(batch, noUpdate).loss
  }
  const rng = createRng('finite differences')
  const least = 1e-2 * norm(gradient)
  for (const { name, offset, size } of parameterLayout(network.spec).parameters) {
    const inTensor = (value: (index: number) => number) =>
      Float64Array.from(gradient, (_, i) => (i >= offset && i < offset + size ? value(i) : 0))
    const tensorNorm = Math.max(least, norm(gradient.subarray(offset, offset + size)))
    for (const raw of [inTensor((i) => gradient[i] as number), inTensor(() => rng.normal())]) {
      const direction = raw.map((value) => value / (norm(raw) || 1))
      const expected = direction.reduce((sum, value, i) => sum + value * (gradient[i] as number), 0)
      const errors = [3e-4, 1e-4, 3e-5].map((change) => {
        const step = change / tensorNorm
        const slope = (lossAt(direction, step) - lossAt(direction, -step)) / (2 * step)
        return Math.abs(slope - expected) / tensorNorm
      })
      expect(Math.min(...errors), `${name}: relative error of the slope`).toBeLessThan(0.05)
    }
  }
}

function norm(values: Float32Array | Float64Array): number {
  return Math.hypot(...values)
}
