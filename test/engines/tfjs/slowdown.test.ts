import { existsSync } from 'node:fs'
import { expect, it } from 'vitest'
import { tfjsCpuSlowdown } from '../../../src/engines/choose-engine.js'
import type { Engine } from '../../../src/engines/engine.js'
import { loadNativeEngine, nativeAddonPath } from '../../../src/engines/native/native-engine.js'
import { loadTfjsCpuEngine } from '../../../src/engines/tfjs/tfjs-cpu-engine.js'
import { natsTss } from '../../../src/spaces/nats-tss/index.js'
import { makeBatch, makeWeights, usualOptions } from '../../conformance/engine-suite.js'

const built = existsSync(nativeAddonPath())
if (!built) process.stdout.write(`skipped: the slowdown of tfjs-cpu: ${nativeAddonPath()} has not been built\n`)

it.skipIf(!built)('the warning about tfjs-cpu names the slowdown within a factor of five', async () => {
  const slow = secondsAStep(await loadTfjsCpuEngine(), 1)
  const fast = secondsAStep(loadNativeEngine(), 20)
  const ratio = slow / fast
  process.stdout.write(`a step: native ${(1000 * fast).toFixed(1)} ms, tfjs-cpu ${ratio.toFixed(0)} times that\n`)
  expect(ratio).toBeGreaterThan(tfjsCpuSlowdown / 5)
  expect(ratio).toBeLessThan(tfjsCpuSlowdown * 5)
})

/** Processor seconds of one training step after the first, on 16 images the size of Fashion-MNIST's. */
function secondsAStep(engine: Engine, steps: number): number {
  const architecture = natsTss.parse(
    '|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_1x1~1|avg_pool_3x3~2|',
  )
  const input = { channels: 1, height: 28, width: 28 }
  const spec = natsTss.network(architecture, { channels: 8, cells: 1, input, classes: 10 })
  const network = engine.create(spec, makeWeights(spec))
  const batch = makeBatch(spec, 16)
  network.trainStep(batch, usualOptions)
  const start = process.cpuUsage()
  for (let step = 0; step < steps; step++) network.trainStep(batch, usualOptions)
  const { user, system } = process.cpuUsage(start)
  network.dispose()
  return (user + system) / 1e6 / steps
}
