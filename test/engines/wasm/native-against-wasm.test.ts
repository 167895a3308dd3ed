import { existsSync } from 'node:fs'
import { describe, it } from 'vitest'
import { loadNativeEngine, nativeAddonPath } from '../../../src/engines/native/native-engine.js'
import { loadWasmEngine } from '../../../src/engines/wasm/wasm-engine.js'
import { expectAgreement } from '../expect-agreement.js'

const built = existsSync(nativeAddonPath())
if (!built) process.stdout.write(`skipped: wasm against native: ${nativeAddonPath()} has not been built\n`)

describe.skipIf(!built)('wasm against native', () => {
  it('gives the same losses, gradients and logits on random networks', () => {
    expectAgreement(loadWasmEngine(), loadNativeEngine(), 200)
  })
})
