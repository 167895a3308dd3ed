import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { buildNetwork, cellNetwork, conv, stem } from '../../../src/conformance/engine/networks.js'
import { makeBatch, makeWeights, usualOptions } from '../../../src/conformance/engine/suite.js'
import { loadNativeEngine } from '../../../src/engines/native/native-engine.js'

const mebibyte = 2 ** 20
const spec = cellNetwork(3)

it('a thousand networks created and disposed of leave memory as it was', () => {
  const engine = loadNativeEngine()
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

it('memory is taken once: the same calls over and over need no more', () => {
  const network = loadNativeEngine().create(spec, makeWeights(spec))
  const [large, small] = [makeBatch(spec, 40), makeBatch(spec, 7)]
  const round = () => {
    network.freezeUpTo(null)
    for (const batch of [large, small]) {
      network.trainStep(batch, usualOptions)
      network.gradients(batch)
      network.gradientsNear(batch, [makeWeights(spec).parameters])
      network.probe(batch, {
        objective: 'logit-sum',
        batchNorm: 'bypass',
        targets: ['parameters', 'inputs', 'outputs'],
      })
      network.evaluate(batch)
    }
    for (const mode of ['batch', 'running'] as const) {
      network.freezeUpTo('cells.1', mode)
      network.trainStep(large, usualOptions)
      const features = network.featuresAt('cells.1', small.images, small.count, mode)
      network.trainTailStep({ ...small, features }, usualOptions)
      network.evaluateTail({ ...small, features })
    }
    return network.memoryBytes()
  }
  const bytes = round()
  expect(Array.from({ length: 100 }, round)).toEqual(Array.from({ length: 100 }, () => bytes))
  network.dispose()
})

it('memoryBytes is what the process grows by, and shrinks by when the network is disposed of', () => {
  const wide = buildNetwork(
    [[3, 32, 32] as const, ...Array.from({ length: 4 }, () => [16, 32, 32] as const)],
    [stem(), conv(1, 2), conv(2, 3), conv(3, 4)],
  )
  const [weights, batch] = [makeWeights(wide), makeBatch(wide, 128)]
  const engine = loadNativeEngine()
  const before = process.memoryUsage.rss()
  const network = engine.create(wide, weights)
  network.trainStep(batch, usualOptions)
  const bytes = network.memoryBytes()
  const held = process.memoryUsage.rss()
  network.dispose()
  const left = process.memoryUsage.rss()
  expect(bytes / mebibyte).toBeGreaterThan(50)
  // The JavaScript heap may grow or shrink a little meanwhile.
  expect(Math.abs((held - before) / bytes - 1), 'growth').toBeLessThan(0.1)
  expect(Math.abs((held - left) / bytes - 1), 'shrinkage').toBeLessThan(0.1)
})

it('networks that nobody disposed of are freed with the garbage', async () => {
  setFlagsFromString('--expose-gc')
  const collectGarbage: () => void = runInNewContext('gc')
  const engine = loadNativeEngine()
  const large = buildNetwork(
    [
      [3, 4, 4],
      [180, 4, 4],
      [180, 4, 4],
    ],
    [stem(), conv(1, 2)],
  )
  const weights = makeWeights(large)
  const before = process.memoryUsage().rss
  let abandonedBytes = 0
  for (let i = 0; i < 200; i++) abandonedBytes += engine.create(large, weights).memoryBytes()
  for (let i = 0; i < 3; i++) {
    collectGarbage()
    // Finalizers may run between turns of the event loop.
    await setImmediate()
  }
  expect(abandonedBytes / mebibyte).toBeGreaterThan(1000)
  expect((process.memoryUsage().rss - before) / mebibyte, 'MiB more').toBeLessThan(100)
})
