import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { loadNativeEngine } from '../../../src/engines/native/native-engine.js'
import { makeBatch, makeWeights, usualOptions } from '../../conformance/engine-suite.js'
import { buildNetwork, cellNetwork, conv, stem } from '../../conformance/networks.js'

const mebibyte = 2 ** 20

it('a thousand networks created and disposed of leave memory as it was', () => {
  const engine = loadNativeEngine()
  const spec = cellNetwork(3)
  const weights = makeWeights(spec)
  const batch = makeBatch(spec, 40)
  const cycle = () => {
    const network = engine.create(spec, weights)
    network.trainStep(batch, usualOptions)
    const bytes = network.memoryBytes()
    network.dispose()
    return bytes
  }
  const bytes = cycle()
  for (let i = 0; i < 100; i++) cycle()
  const before = process.memoryUsage.rss()
  for (let i = 0; i < 1000; i++) expect(cycle()).toBe(bytes)
  // 1000 networks hold 1000 times `bytes`; two of them would not pass.
  expect((1000 * bytes) / mebibyte).toBeGreaterThan(200)
  expect((process.memoryUsage.rss() - before) / mebibyte, 'MiB more').toBeLessThan(20)
})

it('networks that nobody disposed of are freed with the garbage', async () => {
  setFlagsFromString('--expose-gc')
  const collectGarbage: () => void = runInNewContext('gc')
  const engine = loadNativeEngine()
  const spec = buildNetwork(
    [
      [3, 4, 4],
      [180, 4, 4],
      [180, 4, 4],
    ],
    [stem(), conv(1, 2)],
  )
  const weights = makeWeights(spec)
  const before = process.memoryUsage().rss
  let abandonedBytes = 0
  for (let i = 0; i < 200; i++) abandonedBytes += engine.create(spec, weights).memoryBytes()
  for (let i = 0; i < 3; i++) {
    collectGarbage()
    // Finalizers may run between turns of the event loop.
    await setImmediate()
  }
  expect(abandonedBytes / mebibyte).toBeGreaterThan(1000)
  expect((process.memoryUsage().rss - before) / mebibyte, 'MiB more').toBeLessThan(100)
})
