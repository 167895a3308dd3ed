import { expect } from 'vitest'
import type { Batch, TrainableNetwork } from '../../engines/engine.js'
import { EngineError } from '../../platform/errors.js'
import { buildNetwork, cellNetwork, conv, stem } from './networks.js'
import { type EngineSuite, makeBatch, makeWeights, usualOptions, withNetwork } from './suite.js'

const spec = cellNetwork(3)

/** Ownership of arrays, repeatability, NaN, errors, memory. */
export function contractChecks(suite: EngineSuite): void {
  suite.check('weights survive a round trip bit for bit', () => {
    withNetwork(suite, spec, (network) => {
      expect(network.weights()).toEqual(makeWeights(spec))
      train(network, 3)
      const trained = network.weights()
      withNetwork(suite, spec, (other) => {
        other.setWeights(trained)
        expect(other.weights()).toEqual(trained)
        expect(other.evaluate(makeBatch(spec, 8))).toEqual(network.evaluate(makeBatch(spec, 8)))
      })
    })
  })

  suite.check('weights go in and out as copies', () => {
    const given = makeWeights(spec)
    withNetwork(
      suite,
      spec,
      (network) => {
        given.parameters.fill(7)
        const taken = network.weights()
        expect(taken).toEqual(makeWeights(spec))
        taken.parameters.fill(8)
        taken.runningMean.fill(8)
        expect(network.weights()).toEqual(makeWeights(spec))
        const set = makeWeights(spec)
        network.setWeights(set)
        set.runningVariance.fill(9)
        expect(network.weights()).toEqual(makeWeights(spec))
      },
      given,
    )
  })

  suite.check('batches are read, never written or kept', () => {
    withNetwork(suite, spec, (network) => {
      withNetwork(suite, spec, (undisturbed) => {
        const batch = makeBatch(spec, 8, 1)
        network.trainStep(batch, usualOptions)
        undisturbed.trainStep(batch, usualOptions)
        expect(batch).toEqual(makeBatch(spec, 8, 1))
        batch.images.fill(Number.NaN)
        for (const each of [network, undisturbed]) each.trainStep(makeBatch(spec, 8, 2), usualOptions)
        expect(network.weights()).toEqual(undisturbed.weights())
        expect(Number.isNaN(network.weights().parameters[0])).toBe(false)
      })
    })
  })

  suite.check('batches may be views into larger arrays', () => {
    withNetwork(suite, spec, (network) => {
      const { images, labels, count } = makeBatch(spec, 8)
      const larger = new Float32Array(images.length + 5)
      larger.set(images, 3)
      const view = { images: larger.subarray(3, 3 + images.length), labels, count }
      expect(network.evaluate(view)).toEqual(network.evaluate({ images, labels, count }))
    })
  })

  suite.check('networks made from the same weights do the same, also when they take turns', () => {
    withNetwork(suite, spec, (alone) => {
      train(alone, 4)
      withNetwork(suite, spec, (first) => {
        withNetwork(suite, spec, (second) => {
          for (let step = 0; step < 4; step++) {
            for (const each of [first, second]) each.trainStep(makeBatch(spec, 8, step), usualOptions)
          }
          expect(first.weights()).toEqual(alone.weights())
          expect(second.weights()).toEqual(alone.weights())
        })
      })
    })
  })

  suite.check('NaN in an image is a NaN loss, not an exception', () => {
    withNetwork(suite, spec, (network) => {
      const batch = makeBatch(spec, 8)
      batch.images[11] = Number.NaN
      expect(network.evaluate(batch).loss).toBeNaN()
      expect(network.trainStep(batch, usualOptions).loss).toBeNaN()
      expect(network.trainStep(makeBatch(spec, 8), usualOptions).loss).toBeNaN()
    })
  })

  suite.check('divergence is a loss that is not finite, not an exception', () => {
    withNetwork(suite, spec, (network) => {
      const options = { ...usualOptions, learningRate: 1e30, clipNorm: null }
      const losses = Array.from({ length: 4 }, (_, step) => network.trainStep(makeBatch(spec, 8, step), options).loss)
      expect(losses.every(Number.isFinite)).toBe(false)
    })
  })

  for (const [what, misuse] of misuses) {
    suite.check(`EngineError: ${what}`, () => {
      withNetwork(suite, spec, (network) => {
        expect(() => misuse(network, makeBatch(spec, 8))).toThrow(EngineError)
        // The network stays usable.
        expect(network.evaluate(makeBatch(spec, 8)).loss).toBeGreaterThan(0)
      })
    })
  }

  for (const part of ['parameters', 'runningMean', 'runningVariance'] as const) {
    suite.check(`EngineError: creation with the wrong number of ${part}`, () => {
      const weights = makeWeights(spec)
      const short = { ...weights, [part]: weights[part].subarray(1) }
      expect(() => suite.engine().create(spec, short)).toThrow(EngineError)
    })
  }

  for (const [what, use] of uses) {
    suite.check(`EngineError: ${what} after dispose`, () => {
      const network = suite.engine().create(spec, makeWeights(spec))
      network.dispose()
      expect(() => use(network, makeBatch(spec, 8))).toThrow(EngineError)
    })
  }

  suite.check('memory: positive, and the same after more steps', () => {
    withNetwork(suite, spec, (network) => {
      expect(network.memoryBytes()).toBeGreaterThan(0)
      train(network, 2)
      const bytes = network.memoryBytes()
      train(network, 5)
      expect(network.memoryBytes()).toBe(bytes)
    })
  })

  suite.check('memory: given back by dispose', () => {
    // 300,000 parameters: 60 of these networks, their momentum and gradients hold over 200 MB if nothing is freed.
    const large = buildNetwork(
      [
        [3, 4, 4],
        [180, 4, 4],
        [180, 4, 4],
      ],
      [stem(), conv(1, 2)],
    )
    const weights = makeWeights(large)
    const cycle = () =>
      withNetwork(suite, large, (network) => network.trainStep(makeBatch(large, 2), usualOptions), weights)
    for (let i = 0; i < 10; i++) cycle()
    const before = process.memoryUsage.rss()
    for (let i = 0; i < 60; i++) cycle()
    expect((process.memoryUsage.rss() - before) / 2 ** 20, 'MiB more').toBeLessThan(60)
  })
}

function train(network: TrainableNetwork, steps: number): void {
  for (let step = 0; step < steps; step++) network.trainStep(makeBatch(spec, 8, step), usualOptions)
}

type Use = (network: TrainableNetwork, batch: Batch) => unknown

const misuses: ReadonlyMap<string, Use> = new Map<string, Use>([
  ['a batch of no images', (network) => network.trainStep(makeBatch(spec, 0), usualOptions)],
  ['a count that is no integer', (network, batch) => network.evaluate({ ...batch, count: 7.5 })],
  [
    'too few images',
    (network, batch) => network.trainStep({ ...batch, images: batch.images.subarray(1) }, usualOptions),
  ],
  [
    'too few labels',
    (network, batch) => network.trainStep({ ...batch, labels: batch.labels.subarray(1) }, usualOptions),
  ],
  ['too many labels', (network, batch) => network.evaluate({ ...batch, labels: new Int32Array(9) })],
  ['a label beyond the classes', (network, batch) => network.gradients({ ...batch, labels: batch.labels.fill(5) })],
  ['a negative label', (network, batch) => network.evaluate({ ...batch, labels: batch.labels.fill(-1) })],
  ['logits of too few images', (network, batch) => network.logits(batch.images, 9)],
  ['an unknown cut to freeze', (network) => network.freezeUpTo('cells.99')],
  ['features at an unknown cut', (network, batch) => network.featuresAt('cells.99', batch.images, 8, 'running')],
  ['features of too few images', (network, batch) => network.featuresAt('cells.1', batch.images, 9, 'running')],
  [
    'a tail step without a frozen cut',
    (network, { labels }) =>
      network.trainTailStep({ features: new Float32Array(8 * 3 * 8 * 8), labels, count: 8 }, usualOptions),
  ],
  [
    'tail evaluation without a frozen cut',
    (network, { labels }) => network.evaluateTail({ features: new Float32Array(8 * 3 * 8 * 8), labels, count: 8 }),
  ],
  [
    'features of the wrong length',
    (network, { labels }) => {
      network.freezeUpTo('cells.2')
      network.trainTailStep({ features: new Float32Array(8 * 3 * 8 * 8), labels, count: 8 }, usualOptions)
    },
  ],
  ['weights of another network', (network) => network.setWeights(makeWeights(cellNetwork(1)))],
])

const uses: ReadonlyMap<string, Use> = new Map<string, Use>([
  ['trainStep', (network, batch) => network.trainStep(batch, usualOptions)],
  ['freezeUpTo', (network) => network.freezeUpTo(null)],
  ['featuresAt', (network, batch) => network.featuresAt('cells.1', batch.images, 8, 'running')],
  [
    'trainTailStep',
    (network, { images, labels }) => network.trainTailStep({ features: images, labels, count: 8 }, usualOptions),
  ],
  ['evaluate', (network, batch) => network.evaluate(batch)],
  ['evaluateTail', (network, { images, labels }) => network.evaluateTail({ features: images, labels, count: 8 })],
  ['logits', (network, batch) => network.logits(batch.images, 8)],
  ['gradients', (network, batch) => network.gradients(batch)],
  ['gradientsNear', (network, batch) => network.gradientsNear(batch, [makeWeights(spec).parameters])],
  [
    'probe',
    (network, batch) => network.probe(batch, { objective: 'logit-sum', batchNorm: 'batch', targets: ['inputs'] }),
  ],
  ['weights', (network) => network.weights()],
  ['setWeights', (network) => network.setWeights(makeWeights(spec))],
  ['memoryBytes', (network) => network.memoryBytes()],
])
