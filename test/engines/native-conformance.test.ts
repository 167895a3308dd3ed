import { existsSync } from 'node:fs'
import { describe, it } from 'vitest'
import { loadNativeEngine, nativeAddonPath } from '../../src/engines/native/native-engine.js'
import { loadTfjsCpuEngine } from '../../src/engines/tfjs/tfjs-cpu-engine.js'
import { expectAgreement } from './expect-agreement.js'

const built = existsSync(nativeAddonPath())
if (!built) process.stdout.write(`skipped: native against tfjs-cpu: ${nativeAddonPath()} has not been built\n`)

describe.skipIf(!built)('native against tfjs-cpu', () => {
  it('gives the same losses, gradients and logits on random networks', async () => {
    expectAgreement(loadNativeEngine(), await loadTfjsCpuEngine(), 60)
  })
})
