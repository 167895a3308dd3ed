import { describe, expect, it } from 'vitest'
import { loadEngine } from '../../src/engines/registry.js'
import { Model } from '../../src/models/model.js'
import type { NetworkSurroundings } from '../../src/models/network-file.js'
import { ConfigError, EngineError, NetworkFileError } from '../../src/platform/errors.js'
import { createRng } from '../../src/platform/rng.js'
import { createSearchSpace, type SpaceSetup } from '../../src/spaces/registry.js'
import { toyFacts, toySurroundings, toyWeights } from './toy-network.js'

const engine = await loadEngine('wasm')
const trained = { ...toyFacts, weights: toyWeights() }
const rng = createRng('pixels')
const pixels = Uint8Array.from({ length: 200 * 64 }, () => Math.floor(256 * rng.nextFloat()))

function withSpace(space: object): NetworkSurroundings {
  return { ...toySurroundings, space: { ...toySurroundings.space, ...space } as SpaceSetup }
}

describe('a model', () => {
  it('predicts what its network says of normalised images, however many there are', () => {
    const model = new Model(trained, toySurroundings, engine)
    expect(model.input).toEqual({ channels: 1, height: 8, width: 8 })
    const predictions = model.predict(pixels)
    expect(predictions).toHaveLength(200)
    const spec = createSearchSpace(toySurroundings.space).network(toyFacts.architecture, toySurroundings.space.macro)
    const network = engine.create(spec, trained.weights)
    const images = Float32Array.from(pixels, (byte) => (byte / 255 - 0.25) / 0.5)
    const logits = network.logits(images, 200)
    predictions.forEach(({ className, label, probabilities, probability }, i) => {
      const powers = Array.from(logits.subarray(3 * i, 3 * i + 3), Math.exp)
      const sum = powers.reduce((total, power) => total + power, 0)
      powers.forEach((power, k) => {
        expect(probabilities[k]).toBeCloseTo(power / sum, 5)
      })
      expect(probability).toBe(Math.max(...probabilities))
      expect(className).toBe(toySurroundings.classNames[label])
    })
    const labels = Uint8Array.from(predictions, ({ label }, i) => (i < 50 ? (label + 1) % 3 : label))
    expect(model.evaluate({ pixels, labels })).toBe(0.75)
    expect(model.weights()).toEqual(trained.weights)
    model.dispose()
    network.dispose()
    expect(() => model.predict(pixels)).toThrow(EngineError)
  })

  it('refuses what is not a whole number of images', () => {
    const model = new Model(trained, toySurroundings, engine)
    expect(() => model.predict(new Uint8Array(65))).toThrow(ConfigError)
    expect(model.predict(new Uint8Array(0))).toEqual([])
    model.dispose()
  })

  it('refuses pixels that are no bytes, and labels that do not belong to them', () => {
    const model = new Model(trained, toySurroundings, engine)
    const predict = (given: unknown) => () => model.predict(given as Uint8Array)
    expect(predict(undefined)).toThrow('pixels must be bytes (Uint8Array), got undefined.')
    expect(predict(new Float32Array(64))).toThrow('got Float32Array.')
    expect(predict(Array(64).fill(0))).toThrow(ConfigError)
    expect(predict(new Uint8ClampedArray(64))()).toEqual(model.predict(new Uint8Array(64)))
    const evaluate = (labels: unknown) => () =>
      model.evaluate({ pixels: new Uint8Array(128), labels: labels as Uint8Array })
    expect(() => (model.evaluate as (none?: unknown) => number)()).toThrow('evaluate needs { pixels, labels }')
    expect(evaluate(undefined)).toThrow('labels must be a Uint8Array or Uint16Array, got undefined.')
    expect(evaluate(new Uint8Array(3))).toThrow('There are 3 labels for 2 images.')
    expect(evaluate(Uint8Array.of(0, 77))).toThrow('Label 1 is 77; labels are whole numbers from 0 to 2.')
    expect(evaluate([0.5, 1])).toThrow(ConfigError)
    expect(evaluate([0, 1])()).toBe(evaluate(Uint8Array.of(0, 1))())
    model.dispose()
  })

  it.each([
    ['weights of another network', { ...trained, architecture: '|none~0|+|none~0|none~1|+|none~0|none~1|none~2|' }],
    ['an architecture of another space', { ...trained, architecture: '8:8:8:8:8' }],
  ])('refuses %s', (_, wrong) => {
    expect(() => new Model(wrong, toySurroundings, engine)).toThrow(NetworkFileError)
  })

  it('loads no module that a file names, and takes the space from the program', () => {
    const module = withSpace({ name: 'module', module: './theirs.mjs', settings: {} })
    expect(() => new Model(trained, module, engine)).toThrow('not of this package (module ./theirs.mjs). Pass it')
    const value = withSpace({ name: 'value', value: 'mine' })
    expect(() => new Model(trained, value, engine)).toThrow('(value mine). Pass it')
    const model = new Model(trained, value, engine, createSearchSpace({ name: 'nats-tss' }))
    expect(model.predict(pixels.subarray(0, 64))).toHaveLength(1)
    model.dispose()
  })
})
