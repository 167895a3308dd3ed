import { describe, expect, it } from 'vitest'
import { loadEngine } from '../../src/engines/registry.js'
import { createRng } from '../../src/platform/rng.js'
import { createSearchSpace } from '../../src/spaces/registry.js'
import { ImageBatches } from '../../src/training/batches.js'
import { classifyImages } from '../../src/training/classify-images.js'
import { toyFacts, toySurroundings, toyWeights } from '../models/toy-network.js'

const { classNames, normalisation, space } = toySurroundings
const rng = createRng('images')
const count = 10
const split = {
  count,
  pixels: Uint8Array.from({ length: count * 64 }, () => Math.floor(256 * rng.nextFloat())),
  labels: new Uint8Array(count),
}
const data = {
  name: 'toy',
  ...{ channels: 1, height: 8, width: 8, classes: 3, classNames, normalisation, fingerprint: 'toy' },
  ...{ train: split, validation: split, test: split },
}
const engine = await loadEngine('wasm')
const create = () => engine.create(createSearchSpace(space).network(toyFacts.architecture, space.macro), toyWeights())

describe('classifyImages', () => {
  it('gives the same, whatever the batches', async () => {
    const network = create()
    const whole = await classifyImages(network, new ImageBatches(data, split, count))
    const parts = await classifyImages(network, new ImageBatches(data, split, 4))
    network.dispose()
    expect(parts.labels).toEqual(whole.labels)
    expect(whole.labels).toHaveLength(count)
    for (const [i, probability] of parts.probabilities.entries()) {
      expect(probability).toBeGreaterThan(1 / 3)
      expect(probability).toBeCloseTo(whole.probabilities[i] as number, 5)
    }
  })

  it('lets a signal in between two batches, and ends by it', async () => {
    const network = create()
    const controller = new AbortController()
    setImmediate(() => controller.abort(new Error('stopped')))
    let asked = 0
    const stop = (): void => {
      asked++
      controller.signal.throwIfAborted()
    }
    const classified = classifyImages(network, new ImageBatches(data, split, 1), stop)
    await expect(classified).rejects.toThrow('stopped')
    network.dispose()
    expect(asked).toBeLessThan(count)
  })
})
