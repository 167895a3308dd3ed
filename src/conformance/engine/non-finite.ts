import { expect } from 'vitest'
import { parameterLayout } from '../../networks/parameters.js'
import { cellNetwork } from './networks.js'
import { type EngineSuite, makeBatch, makeWeights, noUpdate, usualOptions, withNetwork } from './suite.js'

const spec = cellNetwork(3)

/** NaN and infinity are valid values: they lead to a loss that is not finite, never to an exception. */
export function nonFiniteChecks(suite: EngineSuite): void {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    suite.check(`${value} in images or features is a loss that is not finite`, () => {
      withNetwork(suite, spec, (network) => {
        const batch = makeBatch(spec, 9)
        batch.images.fill(value, 0, 200)
        expect(Number.isFinite(network.evaluate(batch).loss)).toBe(false)
        expect(network.logits(batch.images, 9).every(Number.isFinite)).toBe(false)
        expect(network.gradients(batch).every(Number.isFinite)).toBe(false)
        network.freezeUpTo('cells.1', 'running')
        const features = network.featuresAt('cells.1', makeBatch(spec, 9).images, 9, 'running')
        features.fill(value, 0, 200)
        const tail = { features, labels: batch.labels, count: 9 }
        expect(Number.isFinite(network.evaluateTail(tail).loss)).toBe(false)
        expect(Number.isFinite(network.trainTailStep(tail, usualOptions).loss)).toBe(false)
      })
    })

    suite.check(`${value} in any weight comes in and out, and ends in a result`, () => {
      withNetwork(suite, spec, (network) => {
        const clean = makeWeights(spec)
        for (const { name, kind, offset } of parameterLayout(spec).parameters) {
          const weights = { ...clean, parameters: clean.parameters.with(offset, value) }
          network.setWeights(weights)
          expect(network.weights(), name).toEqual(weights)
          const { loss, correct } = network.evaluate(makeBatch(spec, 8))
          // An infinite bias of a class that is not an image's leaves a finite or an infinite loss: both may be.
          if (Number.isNaN(value) && kind.startsWith('linear')) expect(loss, name).toBeNaN()
          expect(correct).toBeLessThanOrEqual(8)
          network.trainStep(makeBatch(spec, 8), noUpdate)
        }
      })
    })
  }

  suite.check('NaN in every weight is a NaN loss and no correct image', () => {
    withNetwork(suite, spec, (network) => {
      const weights = makeWeights(spec)
      for (const part of Object.values(weights)) part.fill(Number.NaN)
      network.setWeights(weights)
      expect(network.evaluate(makeBatch(spec, 8)).loss).toBeNaN()
      expect(network.trainStep(makeBatch(spec, 8), usualOptions).loss).toBeNaN()
      network.setWeights(makeWeights(spec))
      expect(network.evaluate(makeBatch(spec, 8)).loss).toBeGreaterThan(0)
    })
  })

  suite.check('weights that grow beyond all bounds show as a loss that is not finite', () => {
    withNetwork(suite, spec, (network) => {
      const options = { ...noUpdate, learningRate: 1e38 }
      const { loss } = network.trainStep(makeBatch(spec, 8), options)
      expect(loss).toBeGreaterThan(0)
      expect(Number.isFinite(network.evaluate(makeBatch(spec, 8)).loss)).toBe(false)
    })
  })
}
