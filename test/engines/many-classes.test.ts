import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { joinLabels } from '../../src/datasets/dataset.js'
import type { Engine } from '../../src/engines/engine.js'
import { loadNativeEngine, nativeAddonPath } from '../../src/engines/native/native-engine.js'
import { loadWasmEngine } from '../../src/engines/wasm/wasm-engine.js'
import { initialWeights } from '../../src/networks/weights.js'
import { createRng } from '../../src/platform/rng.js'
import { createSearchSpace } from '../../src/spaces/registry.js'
import { ImageBatches } from '../../src/training/batches.js'
import { classifyImages } from '../../src/training/classify-images.js'
import { toyFacts, toySurroundings } from '../models/toy-network.js'

const built = existsSync(nativeAddonPath())
if (!built) process.stdout.write(`skipped: 300 classes by native: ${nativeAddonPath()} has not been built\n`)

const classes = 300
/** Labels that are the same in their lower eight bits. */
const wanted = [5, 261, 43, 299, 0, 256]
const labels = joinLabels(classes, [wanted])
const { normalisation, space } = toySurroundings
const rng = createRng('many classes')
const split = {
  count: labels.length,
  pixels: Uint8Array.from({ length: 64 * labels.length }, () => rng.integer(256)),
  labels,
}
const dataset = {
  ...{ name: 'made', classes, classNames: [], channels: 1, height: 8, width: 8, normalisation, fingerprint: 'made' },
  ...{ train: split, validation: split, test: split },
}
const spec = createSearchSpace(space).network(toyFacts.architecture, { ...space.macro, classes })

/** Trains on the images until their classes are known, and gives the losses. */
async function lossesOf(engine: Engine): Promise<readonly number[]> {
  const network = engine.create(spec, initialWeights(spec, createRng('weights')))
  const batches = new ImageBatches(dataset, split, split.count)
  const batch = batches.at(0)
  expect(network.logits(batch.images, batch.count)).toHaveLength(classes * split.count)
  const options = { learningRate: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0, clipNorm: 5 }
  const losses = Array.from({ length: 60 }, () => network.trainStep(batch, options).loss)
  expect([...(await classifyImages(network, batches)).labels]).toEqual(wanted)
  network.dispose()
  return losses
}

describe('300 classes', () => {
  it('are learnt by wasm', async () => {
    const losses = await lossesOf(loadWasmEngine())
    expect(losses.every(Number.isFinite)).toBe(true)
    // At first every class is about as probable.
    expect(Math.abs((losses[0] as number) - Math.log(classes))).toBeLessThan(1)
    expect(losses.at(-1)).toBeLessThan(1)
  })

  it.skipIf(!built)('are learnt by native as by wasm', async () => {
    const [wasm, native] = [await lossesOf(loadWasmEngine()), await lossesOf(loadNativeEngine())]
    for (const step of [0, 1, 2]) expect(native[step]).toBeCloseTo(wasm[step] as number, 3)
  })
})
