import { describe, expect, it } from 'vitest'
import { fuzzEngine } from '../../src/conformance/engine/fuzz.js'
import type { Engine, StepOptions, TrainableNetwork } from '../../src/engines/engine.js'
import type { NetworkWeights } from '../../src/networks/weights.js'
import { exampleEngine } from './example-engine.js'

/** The example engine with one fault. */
function faulty(fault: (network: TrainableNetwork) => Partial<TrainableNetwork>): Engine {
  return {
    ...exampleEngine,
    create(spec, weights) {
      const network = exampleEngine.create(spec, weights)
      const changes = fault(network)
      return new Proxy(network, {
        get(target, name) {
          const value = Reflect.get(name in changes ? changes : target, name)
          return typeof value === 'function' && !(name in changes) ? value.bind(target) : value
        },
      })
    },
  }
}

function withOptions(change: (options: StepOptions) => StepOptions) {
  return faulty((network) => ({
    trainStep: (batch, options) => network.trainStep(batch, change(options)),
    trainTailStep: (batch, options) => network.trainTailStep(batch, change(options)),
  }))
}

/** A training step after which `spoil` changes the weights. */
function spoiling(spoil: (after: NetworkWeights, before: NetworkWeights) => NetworkWeights) {
  return faulty((network) => ({
    trainStep(batch, options) {
      const before = network.weights()
      const result = network.trainStep(batch, options)
      network.setWeights(spoil(network.weights(), before))
      return result
    },
  }))
}

const faults: ReadonlyMap<string, Engine> = new Map([
  ['weight decay that is forgotten', withOptions((options) => ({ ...options, weightDecay: 0 }))],
  ['Nesterov momentum that is plain', withOptions((options) => ({ ...options, nesterov: false }))],
  ['clipping that is forgotten', withOptions((options) => ({ ...options, clipNorm: null }))],
  ['a learning rate 0.1 % too large', withOptions((o) => ({ ...o, learningRate: 1.001 * o.learningRate }))],
  ['running means that stand still', spoiling((after, { runningMean }) => ({ ...after, runningMean }))],
  [
    'running variances 1 % too large',
    spoiling((after) => ({ ...after, runningVariance: after.runningVariance.map((value) => 1.01 * value) })),
  ],
  [
    'momentum that unfreezing does not forget',
    faulty((network) => ({ freezeUpTo: (cut, mode) => cut !== null && network.freezeUpTo(cut, mode) })),
  ],
  ['a trunk always in batch mode', faulty((network) => ({ freezeUpTo: (cut) => network.freezeUpTo(cut, 'batch') }))],
  [
    'logits of the last image of odd batches',
    faulty((network) => ({
      logits(images, count) {
        const logits = network.logits(images, count)
        return count % 2 === 0 ? logits : logits.with(logits.length - 1, 0)
      },
    })),
  ],
  [
    'gradients that update running statistics',
    faulty((network) => ({
      gradients(batch) {
        network.trainStep(batch, { learningRate: 0, momentum: 0, nesterov: false, weightDecay: 0, clipNorm: null })
        return network.gradients(batch)
      },
    })),
  ],
])

describe('the fuzz', () => {
  it('passes an engine without faults', () => {
    expect(() => fuzzEngine(exampleEngine, { runs: 30, seed: 1 })).not.toThrow()
  })

  it.each([...faults])('finds %s', (_, engine) => {
    expect(() => fuzzEngine(engine, { runs: 200, seed: 1, shrink: false })).toThrow(/^Property failed after/)
  })
})
