import { expect } from 'vitest'
import type { Batch, FrozenBatchNorm, StepOptions, TrainableNetwork } from '../../engines/engine.js'
import type { NetworkSpec } from '../../networks/network-spec.js'
import type { NetworkWeights } from '../../networks/weights.js'
import { EngineError } from '../../platform/errors.js'
import { badOptions, brokenNetworks, notFloats, notLabels, notObjects, wrong } from './bad-values.js'
import { cellNetwork } from './networks.js'
import { type EngineSuite, makeBatch, makeWeights, usualOptions, withNetwork } from './suite.js'

const spec = cellNetwork(3)

/** Invalid input must throw an EngineError and leave the engine usable: no other error, no crash. */
export function badInputChecks(suite: EngineSuite): void {
  for (const [what, broken] of brokenNetworks) {
    suite.check(`EngineError: a network with ${what}`, () => {
      expect(() => suite.engine().create(broken, makeWeights(spec)).dispose()).toThrow(EngineError)
    })
  }

  for (const [what, value] of notFloats) {
    suite.check(`EngineError: ${what} for images, features or weights`, () => {
      withNetwork(suite, spec, (network) => {
        const weights = makeWeights(spec)
        const batch = makeBatch(spec, 8)
        network.freezeUpTo('cells.1')
        expectRefused(network, [
          () => network.trainStep({ ...batch, images: value }, usualOptions),
          () => network.evaluate({ ...batch, images: value }),
          () => network.gradients({ ...batch, images: value }),
          () => network.logits(value, 8),
          () => network.featuresAt('cells.1', value, 8, 'running'),
          () => network.trainTailStep({ ...batch, features: value }, usualOptions),
          () => network.evaluateTail({ ...batch, features: value }),
          () => network.setWeights({ ...weights, parameters: value }),
          () => network.setWeights({ ...weights, runningMean: value }),
          () => network.setWeights({ ...weights, runningVariance: value }),
          () => suite.engine().create(spec, { ...weights, parameters: value }),
        ])
      })
    })
  }

  for (const [what, value] of notLabels) {
    suite.check(`EngineError: ${what} for labels`, () => {
      withNetwork(suite, spec, (network) => {
        const batch = { ...makeBatch(spec, 8), labels: value }
        expectRefused(network, batchUses(network, batch))
      })
    })
  }

  for (const [what, value] of notObjects) {
    suite.check(`EngineError: ${what} for a batch, options, weights, a network or a cut`, () => {
      withNetwork(suite, spec, (network) => {
        const batch = makeBatch(spec, 8)
        network.freezeUpTo('cells.1')
        expectRefused(network, [
          ...batchUses(network, wrong<Batch>(value)),
          () => network.trainTailStep(wrong(value), usualOptions),
          () => network.evaluateTail(wrong(value)),
          () => network.trainStep(batch, wrong<StepOptions>(value)),
          () => network.setWeights(wrong<NetworkWeights>(value)),
          () => suite.engine().create(spec, wrong<NetworkWeights>(value)),
          () => suite.engine().create(wrong<NetworkSpec>(value), makeWeights(spec)),
          () => network.featuresAt(wrong<string>(value), batch.images, 8, 'running'),
        ])
        // null unfreezes.
        if (value !== null) expectRefused(network, [() => network.freezeUpTo(wrong<string>(value))])
      })
    })
  }

  for (const count of [
    0,
    -1,
    -8,
    0.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    2 ** 31,
    2 ** 32 + 8,
    2 ** 53,
    '8',
    null,
  ]) {
    suite.check(`EngineError: a count of ${typeof count === 'string' ? `"${count}"` : count}`, () => {
      withNetwork(suite, spec, (network) => {
        const batch = { ...makeBatch(spec, 8), count: wrong<number>(count) }
        expectRefused(network, [
          ...batchUses(network, batch),
          () => network.logits(batch.images, batch.count),
          () => network.featuresAt('cells.1', batch.images, batch.count, 'running'),
        ])
      })
    })
  }

  for (const [name, values] of Object.entries(badOptions)) {
    suite.check(`EngineError: ${name} of ${values.join(', ')}`, () => {
      withNetwork(suite, spec, (network) => {
        const batch = makeBatch(spec, 8)
        for (const value of values) {
          const options = wrong<StepOptions>({ ...usualOptions, [name]: value })
          expectRefused(network, [() => network.trainStep(batch, options)])
        }
        expect(network.weights()).toEqual(makeWeights(spec))
      })
    })
  }

  for (const mode of ['', 'Batch', 'frozen', null, 1]) {
    suite.check(`EngineError: a frozen batch norm of ${typeof mode === 'string' ? `"${mode}"` : mode}`, () => {
      withNetwork(suite, spec, (network) => {
        const frozenBatchNorm = wrong<FrozenBatchNorm>(mode)
        const { images } = makeBatch(spec, 8)
        expectRefused(network, [
          () => network.freezeUpTo('cells.1', frozenBatchNorm),
          () => network.featuresAt('cells.1', images, 8, frozenBatchNorm),
        ])
      })
    })
  }

  suite.check('EngineError: arrays whose memory was given away', () => {
    withNetwork(suite, spec, (network) => {
      const { images, labels, count } = makeBatch(spec, 8)
      giveAway(images)
      expectRefused(network, batchUses(network, { images, labels, count }))
      const batch = makeBatch(spec, 8)
      giveAway(batch.labels)
      expectRefused(network, batchUses(network, batch))
      const weights = makeWeights(spec)
      giveAway(weights.parameters)
      expectRefused(network, [() => network.setWeights(weights)])
    })
  })

  suite.check('views of shared memory are read like any others', () => {
    withNetwork(suite, spec, (network) => {
      const batch = makeBatch(spec, 8)
      const images = new Float32Array(new SharedArrayBuffer(batch.images.byteLength))
      const labels = new Int32Array(new SharedArrayBuffer(batch.labels.byteLength))
      images.set(batch.images)
      labels.set(batch.labels)
      expect(network.evaluate({ images, labels, count: 8 })).toEqual(network.evaluate(batch))
    })
  })

  suite.check('disposing twice, or of many at once, is harmless', () => {
    const networks = Array.from({ length: 20 }, () => suite.engine().create(spec, makeWeights(spec)))
    for (const network of [...networks, ...networks.toReversed()]) network.dispose()
    withNetwork(suite, spec, (network) => expect(network.evaluate(makeBatch(spec, 8)).loss).toBeGreaterThan(0))
  })
}

/** Detaches the memory of an array, as sending it to another thread does. Its length is then 0. */
function giveAway(array: Float32Array | Int32Array): void {
  structuredClone(null, { transfer: [array.buffer as ArrayBuffer] })
}

/** Fails unless each use throws an EngineError and the network works as before. */
function expectRefused(network: TrainableNetwork, uses: readonly (() => unknown)[]): void {
  for (const use of uses) expect(use, String(use)).toThrow(EngineError)
  expect(network.evaluate(makeBatch(spec, 8)).loss).toBeGreaterThan(0)
}

function batchUses(network: TrainableNetwork, batch: Batch): (() => unknown)[] {
  return [() => network.trainStep(batch, usualOptions), () => network.evaluate(batch), () => network.gradients(batch)]
}
