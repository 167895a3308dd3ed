import fc from 'fast-check'
import { arbitraryNetwork } from '../../src/conformance/engine/arbitrary-network.js'
import {
  expectLoss,
  expectParameters,
  expectValues,
  makeBatch,
  makeWeights,
  usualOptions,
} from '../../src/conformance/engine/suite.js'
import type { Engine } from '../../src/engines/engine.js'

/** Fails unless `engine` gives the losses, gradients and logits of `reference` on random networks. */
export function expectAgreement(engine: Engine, reference: Engine, numRuns: number): void {
  fc.assert(
    fc.property(arbitraryNetwork, fc.integer({ min: 1, max: 19 }), (spec, count) => {
      const weights = makeWeights(spec)
      const [tested, trusted] = [engine.create(spec, weights), reference.create(spec, weights)]
      try {
        const batch = makeBatch(spec, count)
        // A tenth: in networks this odd, noise is amplified wherever a batch norm meets a map of little variance.
        const options = { leastScale: 0.1 }
        expectParameters(spec, tested.gradients(batch), trusted.gradients(batch), 'gradients', options)
        for (let step = 1; step <= 3; step++) {
          const expected = trusted.trainStep(batch, usualOptions)
          expectLoss(tested.trainStep(batch, usualOptions).loss, expected.loss, `step ${step}`)
        }
        expectValues(tested.logits(batch.images, count), trusted.logits(batch.images, count), 'logits')
      } finally {
        tested.dispose()
        trusted.dispose()
      }
    }),
    { numRuns, seed: 20210608 },
  )
}
