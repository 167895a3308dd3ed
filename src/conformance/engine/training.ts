import { expect } from 'vitest'
import type { StepOptions } from '../../engines/engine.js'
import { buildNetwork, cellNetwork, conformanceNetworks, conv, steadyNetworks, stem } from './networks.js'
import { sgdReference } from './sgd-reference.js'
import {
  type EngineSuite,
  expectLoss,
  expectParameters,
  expectValues,
  expectWeights,
  makeBatch,
  noUpdate,
  recurringBatch,
  usualOptions,
  withBoth,
  withNetwork,
} from './suite.js'

/** Training steps, the optimiser, inference and running statistics. */
export function trainingChecks(suite: EngineSuite): void {
  for (const [name, spec] of conformanceNetworks) {
    suite.check(`ten training steps agree with the oracle: ${name}`, () => {
      withBoth(suite, spec, (network, oracle) => {
        for (let step = 1; step <= 10; step++) {
          const batch = recurringBatch(spec, step)
          const [actual, expected] = [network.trainStep(batch, usualOptions), oracle.trainStep(batch, usualOptions)]
          expectLoss(actual.loss, expected.loss, `step ${step}`)
          expect(actual.correct, `step ${step}: correct`).toBe(expected.correct)
        }
        expectWeights(spec, network.weights(), oracle.weights(), 'after 10 steps')
        const test = makeBatch(spec, 5, 99)
        expectValues(network.logits(test.images, 5), oracle.logits(test.images, 5), 'logits')
        const [actual, expected] = [network.evaluate(test), oracle.evaluate(test)]
        expectLoss(actual.loss, expected.loss, 'evaluate')
        expect(actual).toEqual({ loss: actual.loss, correct: expected.correct, count: 5 })
      })
    })
  }

  for (const [name, spec] of steadyNetworks) {
    suite.check(`fifty training steps agree with the oracle: ${name}`, () => {
      withBoth(suite, spec, (network, oracle) => {
        let firstLoss = 0
        let lastLoss = 0
        for (let step = 1; step <= 50; step++) {
          const batch = recurringBatch(spec, step)
          lastLoss = network.trainStep(batch, usualOptions).loss
          if (step === 1) firstLoss = lastLoss
          expectLoss(lastLoss, oracle.trainStep(batch, usualOptions).loss, `step ${step}`)
        }
        expect(lastLoss, 'the network learns').toBeLessThan(0.9 * firstLoss)
      })
    })
  }

  for (const count of [1, 2, 7, 8, 9, 17, 33]) {
    suite.check(`batches of ${count} agree with the oracle`, () => {
      const spec = cellNetwork(3)
      withBoth(suite, spec, (network, oracle) => {
        for (let step = 1; step <= 3; step++) {
          const batch = makeBatch(spec, count, step)
          const [actual, expected] = [network.trainStep(batch, usualOptions), oracle.trainStep(batch, usualOptions)]
          expectLoss(actual.loss, expected.loss, `step ${step}`)
          expect(actual.correct, `step ${step}: correct`).toBe(expected.correct)
        }
        const { images } = makeBatch(spec, count, 99)
        expectValues(network.logits(images, count), oracle.logits(images, count), 'logits')
      })
    })
  }

  suite.check('batches of changing count agree with the oracle', () => {
    const spec = cellNetwork(3)
    withBoth(suite, spec, (network, oracle) => {
      for (const [step, count] of [16, 3, 16, 20, 1].entries()) {
        const batch = makeBatch(spec, count, step)
        const expected = oracle.trainStep(batch, usualOptions)
        expectLoss(network.trainStep(batch, usualOptions).loss, expected.loss, `batch of ${count}`)
      }
    })
  })

  suite.check('inference does not depend on how images are batched', () => {
    const spec = cellNetwork(3)
    withNetwork(suite, spec, (network) => {
      const { images } = makeBatch(spec, 33)
      const size = images.length / 33
      const together = network.logits(images, 33)
      const alone = Array.from({ length: 33 }, (_, i) => [
        ...network.logits(images.subarray(i * size, (i + 1) * size), 1),
      ])
      expectValues(alone.flat(), together, 'logits one by one', 1e-6)
    })
  })

  suite.check('inference on 600 images at once agrees with the oracle', () => {
    const shapes = [
      [1, 4, 4],
      [3, 4, 4],
      [2, 2, 2],
    ] as const
    const spec = buildNetwork(shapes, [stem(), conv(1, 2, { stride: 2 })], { cuts: { middle: 1 } })
    withBoth(suite, spec, (network, oracle) => {
      const batch = makeBatch(spec, 600)
      expectValues(network.logits(batch.images, 600), oracle.logits(batch.images, 600), 'logits')
      expect(network.evaluate(batch).correct).toBe(oracle.evaluate(batch).correct)
      const features = network.featuresAt('middle', batch.images, 600, 'running')
      expectValues(features, oracle.featuresAt('middle', batch.images, 600, 'running'), 'features')
    })
  })

  for (const [name, options] of optimiserCases) {
    suite.check(`SGD agrees with its definition: ${name}`, () => expectSgd(suite, options))
  }

  suite.check('running statistics: 0.9 of the old, a tenth of the mean and of the unbiased variance', () => {
    const spec = buildNetwork(
      [
        [1, 1, 2],
        [1, 1, 2],
      ],
      [conv(0, 1, { kernel: 1, relu: false })],
      { classes: 2 },
    )
    // Convolution 2, gamma 1, beta 0, then the head's gamma, beta, weights and biases.
    const weights = {
      parameters: Float32Array.of(2, 1, 0, 1, 0, 0, 0, 0, 0),
      runningMean: Float32Array.of(0, 0),
      runningVariance: Float32Array.of(1, 1),
    }
    const batch = { images: Float32Array.of(1, 2, 3, 6), labels: Int32Array.of(0, 1), count: 2 }
    withNetwork(
      suite,
      spec,
      (network) => {
        // The convolution gives 2, 4, 6, 12: mean 6, squared deviations 16 + 4 + 0 + 36 = 56, unbiased variance 56 / 3.
        network.trainStep(batch, noUpdate)
        const { runningMean, runningVariance } = network.weights()
        expect(runningMean[0]).toBeCloseTo(0.1 * 6, 6)
        expect(runningVariance[0]).toBeCloseTo(0.9 + (0.1 * 56) / 3, 5)
      },
      weights,
    )
  })
}

/** Loss and gradients of the test network are near 1, so a norm of 0.05 clips and one of 1000 does not. */
const optimiserCases: ReadonlyMap<string, StepOptions> = new Map([
  ['no momentum', { ...noUpdate, learningRate: 0.1 }],
  ['momentum', { ...noUpdate, learningRate: 0.1, momentum: 0.9 }],
  ['Nesterov momentum', { ...noUpdate, learningRate: 0.1, momentum: 0.9, nesterov: true }],
  ['weight decay', { ...noUpdate, learningRate: 0.1, weightDecay: 0.05 }],
  ['clipping', { ...noUpdate, learningRate: 0.1, clipNorm: 0.05 }],
  ['clipping that does not bind', { ...noUpdate, learningRate: 0.1, clipNorm: 1000 }],
  ['all at once', { learningRate: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.05, clipNorm: 0.05 }],
])

function expectSgd(suite: EngineSuite, options: StepOptions): void {
  const spec = cellNetwork(1)
  withNetwork(suite, spec, (network) => {
    const expected = Float64Array.from(network.weights().parameters)
    const velocity = new Float64Array(expected.length)
    for (let step = 1; step <= 3; step++) {
      const batch = makeBatch(spec, 8, step)
      const gradient = network.gradients(batch)
      if (options.clipNorm !== null) {
        expect(Math.hypot(...gradient) > options.clipNorm, 'the gradient is clipped').toBe(options.clipNorm < 1)
      }
      sgdReference(expected, velocity, gradient, options)
      network.trainStep(batch, options)
      expectParameters(spec, network.weights().parameters, Float32Array.from(expected), `step ${step}`, { limit: 1e-5 })
    }
  })
}
