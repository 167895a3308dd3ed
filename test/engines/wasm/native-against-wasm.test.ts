import { existsSync } from 'node:fs'
import fc from 'fast-check'
import { describe, it } from 'vitest'
import { arbitraryNetwork } from '../../../src/conformance/engine/arbitrary-network.js'
import {
  expectLoss,
  expectParameters,
  expectValues,
  makeBatch,
  makeWeights,
  usualOptions,
} from '../../../src/conformance/engine/suite.js'
import { loadNativeEngine, nativeAddonPath } from '../../../src/engines/native/native-engine.js'
import { loadWasmEngine } from '../../../src/engines/wasm/wasm-engine.js'

const built = existsSync(nativeAddonPath())
if (!built) process.stdout.write(`skipped: wasm against native: ${nativeAddonPath()} has not been built\n`)

describe.skipIf(!built)('wasm against native', () => {
  it('gives the same losses, gradients and logits on random networks', () => {
    const engines = [loadWasmEngine(), loadNativeEngine()] as const
    fc.assert(
      fc.property(arbitraryNetwork, fc.integer({ min: 1, max: 19 }), (spec, count) => {
        const weights = makeWeights(spec)
        const [wasm, native] = [engines[0].create(spec, weights), engines[1].create(spec, weights)]
        try {
          const batch = makeBatch(spec, count)
          // A tenth: in networks this odd, noise is amplified wherever a batch norm meets a map of little variance.
          const options = { leastScale: 0.1 }
          expectParameters(spec, wasm.gradients(batch), native.gradients(batch), 'gradients', options)
          for (let step = 1; step <= 3; step++) {
            const expected = native.trainStep(batch, usualOptions)
            expectLoss(wasm.trainStep(batch, usualOptions).loss, expected.loss, `step ${step}`)
          }
          expectValues(wasm.logits(batch.images, count), native.logits(batch.images, count), 'logits')
        } finally {
          wasm.dispose()
          native.dispose()
        }
      }),
      { numRuns: 200, seed: 20210608 },
    )
  })
})
