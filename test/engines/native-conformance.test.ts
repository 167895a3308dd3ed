import { existsSync } from 'node:fs'
import fc from 'fast-check'
import { describe, it } from 'vitest'
import { arbitraryNetwork } from '../../src/conformance/engine/arbitrary-network.js'
import {
  expectLoss,
  expectParameters,
  expectValues,
  makeBatch,
  makeWeights,
  usualOptions,
} from '../../src/conformance/engine/suite.js'
import { loadNativeEngine, nativeAddonPath } from '../../src/engines/native/native-engine.js'
import { loadTfjsCpuEngine } from '../../src/engines/tfjs/tfjs-cpu-engine.js'

const built = existsSync(nativeAddonPath())
if (!built) process.stdout.write(`skipped: native against tfjs-cpu: ${nativeAddonPath()} has not been built\n`)

describe.skipIf(!built)('native against tfjs-cpu', () => {
  it('gives the same losses, gradients and logits on random networks', async () => {
    const engines = [loadNativeEngine(), await loadTfjsCpuEngine()] as const
    fc.assert(
      fc.property(arbitraryNetwork, fc.integer({ min: 1, max: 19 }), (spec, count) => {
        const weights = makeWeights(spec)
        const [native, tfjs] = [engines[0].create(spec, weights), engines[1].create(spec, weights)]
        try {
          const batch = makeBatch(spec, count)
          // A tenth: in networks this odd, noise is amplified wherever a batch norm meets a map of little variance.
          const options = { leastScale: 0.1 }
          expectParameters(spec, native.gradients(batch), tfjs.gradients(batch), 'gradients', options)
          for (let step = 1; step <= 3; step++) {
            const expected = tfjs.trainStep(batch, usualOptions)
            expectLoss(native.trainStep(batch, usualOptions).loss, expected.loss, `step ${step}`)
          }
          expectValues(native.logits(batch.images, count), tfjs.logits(batch.images, count), 'logits')
        } finally {
          native.dispose()
          tfjs.dispose()
        }
      }),
      { numRuns: 60, seed: 20210608 },
    )
  })
})
