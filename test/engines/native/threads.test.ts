import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { expect, it } from 'vitest'
import { cellNetwork } from '../../../src/conformance/engine/networks.js'
import { makeBatch, makeWeights, usualOptions } from '../../../src/conformance/engine/suite.js'
import { encodePlan } from '../../../src/engines/compiled/plan.js'
import { loadNativeEngine, nativeAddonPath } from '../../../src/engines/native/native-engine.js'

const steps = 200

/** Trains on the addon itself, since a worker cannot import TypeScript. All threads start when all are ready. */
const workerSource = `
  const { parentPort, workerData } = require('node:worker_threads')
  const { addonPath, plan, weights, batch, options, steps, gate, threads } = workerData
  const addon = require(addonPath)
  const network = addon.create(plan, '')
  addon.setWeights(network, weights.parameters, weights.runningMean, weights.runningVariance)
  Atomics.add(gate, 0, 1)
  Atomics.notify(gate, 0)
  while (Atomics.load(gate, 0) < threads) Atomics.wait(gate, 0, Atomics.load(gate, 0), 100)
  const result = new Float64Array(2)
  const losses = []
  for (let step = 0; step < steps; step++) {
    addon.trainStep(network, 0, batch.images, batch.labels, batch.count, options, result)
    losses.push(result[0])
  }
  addon.dispose(network)
  parentPort.postMessage(losses)
`

it('three threads that train at once get the losses that one gets alone', async () => {
  const spec = cellNetwork(3)
  const weights = makeWeights(spec)
  const batch = makeBatch(spec, 37)

  const alone = loadNativeEngine().create(spec, weights)
  const expected = Array.from({ length: steps }, () => alone.trainStep(batch, usualOptions).loss)
  alone.dispose()

  const { learningRate, momentum, nesterov, weightDecay, clipNorm } = usualOptions
  const workerData = {
    addonPath: nativeAddonPath(),
    plan: encodePlan(spec),
    weights,
    batch,
    options: Float64Array.of(learningRate, momentum, Number(nesterov), weightDecay, clipNorm ?? Infinity),
    steps,
    gate: new Int32Array(new SharedArrayBuffer(4)),
    threads: 3,
  }
  const workers = [1, 2, 3].map(() => new Worker(workerSource, { eval: true, workerData }))
  const losses = await Promise.all(workers.map(async (worker) => (await once(worker, 'message'))[0]))
  await Promise.all(workers.map((worker) => worker.terminate()))

  expect(expected.every(Number.isFinite)).toBe(true)
  expect(losses).toEqual([expected, expected, expected])
})
