import tf from '@tensorflow/tfjs-core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cellNetwork } from '../../../src/conformance/engine/networks.js'
import { makeBatch, makeWeights, usualOptions } from '../../../src/conformance/engine/suite.js'
import { loadTfjsCpuEngine } from '../../../src/engines/tfjs/tfjs-cpu-engine.js'

const spec = cellNetwork(3)
const batch = makeBatch(spec, 4)

describe('the tensors of a tfjs network', () => {
  let before = 0

  beforeEach(async () => {
    await loadTfjsCpuEngine()
    before = tf.memory().numTensors
  })

  it('are as many after every call as before it', async () => {
    const network = (await loadTfjsCpuEngine()).create(spec, makeWeights(spec))
    network.trainStep(batch, usualOptions)
    const held = tf.memory().numTensors
    const features = { ...batch, features: network.featuresAt('cells.1', batch.images, 4, 'batch') }
    network.trainStep(batch, usualOptions)
    network.gradients(batch)
    network.gradientsNear(batch, [makeWeights(spec).parameters])
    network.probe(batch, { objective: 'logit-sum', batchNorm: 'bypass', targets: ['parameters', 'inputs', 'outputs'] })
    network.evaluate(batch)
    network.logits(batch.images, 4)
    network.setWeights(network.weights())
    expect(() => network.evaluate({ ...batch, count: 3 })).toThrow()
    expect(tf.memory().numTensors).toBe(held)

    network.freezeUpTo('cells.1')
    network.trainStep(batch, usualOptions)
    const heldFrozen = tf.memory().numTensors
    network.trainTailStep(features, usualOptions)
    network.evaluateTail(features)
    expect(tf.memory().numTensors).toBe(heldFrozen)
    expect(heldFrozen).toBeLessThan(held)
    network.dispose()
  })

  it('count in memoryBytes', async () => {
    const bytes = tf.memory().numBytes
    const network = (await loadTfjsCpuEngine()).create(spec, makeWeights(spec))
    expect(network.memoryBytes()).toBe(tf.memory().numBytes - bytes)
    network.trainStep(batch, usualOptions)
    expect(network.memoryBytes()).toBe(tf.memory().numBytes - bytes)
    network.dispose()
  })

  afterEach(() => {
    expect(tf.memory().numTensors, 'tensors after dispose').toBe(before)
  })
})
