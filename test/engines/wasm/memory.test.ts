import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { buildNetwork, cellNetwork, conv, stem } from '../../../src/conformance/engine/networks.js'
import { makeBatch, makeWeights, usualOptions } from '../../../src/conformance/engine/suite.js'
import { CompiledEngine } from '../../../src/engines/compiled/compiled-engine.js'
import { loadWasmLibrary } from '../../../src/engines/wasm/wasm-engine.js'
import { NetworkTooLargeError } from '../../../src/platform/errors.js'

const mebibyte = 2 ** 20

/** A new instance of the module, with its memory in sight. */
function instance() {
  const library = loadWasmLibrary()
  return { engine: new CompiledEngine('wasm', library, library.instructionSets()), size: () => library.memorySize() }
}

/** Two nodes with the given numbers of channels and pixels, square. */
function widePair(channels: number, size: number) {
  const wide = [channels, size, size] as const
  return buildNetwork([[3, size, size], wide, wide], [stem(), conv(1, 2)])
}

describe('the memory of the wasm engine', () => {
  it('is the same after a thousand networks created and disposed of', () => {
    const { engine, size } = instance()
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
    const before = size()
    for (let i = 0; i < 1000; i++) expect(cycle()).toBe(bytes)
    expect(size()).toBe(before)
  })

  it('is the same after a thousand networks refused', () => {
    const { engine, size } = instance()
    // Found out at the last edge, with most of the plan in memory.
    const shapes = Array.from({ length: 300 }, () => [2, 6, 6] as const)
    const chain = Array.from({ length: 298 }, (_, i) => conv(i + 1, i + 2))
    const broken = buildNetwork([[1, 6, 6], ...shapes], [stem(), ...chain, conv(298, 299, { stride: 2 })])
    const weights = makeWeights(broken)
    const refuse = () => expect(() => engine.create(broken, weights)).toThrow(/node 298 to node 299.*shape/)
    refuse()
    const before = size()
    for (let i = 0; i < 1000; i++) refuse()
    expect(size()).toBe(before)
  })

  it('is given back by networks that nobody disposed of', async () => {
    setFlagsFromString('--expose-gc')
    const collectGarbage: () => void = runInNewContext('gc')
    const { engine, size } = instance()
    const spec = widePair(180, 4)
    const weights = makeWeights(spec)
    let abandonedBytes = 0
    for (let i = 0; i < 200; i++) {
      abandonedBytes += engine.create(spec, weights).memoryBytes()
      if (i % 20 !== 19) continue
      for (let turn = 0; turn < 3; turn++) {
        collectGarbage()
        // Finalizers run between turns of the event loop.
        await setImmediate()
      }
    }
    expect(abandonedBytes / mebibyte).toBeGreaterThan(1000)
    expect(size() / mebibyte, 'MiB').toBeLessThan(abandonedBytes / mebibyte / 2)
  })

  it('ends at 4 GiB with a NetworkTooLargeError, after which the engine goes on', () => {
    const { engine } = instance()
    const spec = widePair(256, 64)
    const network = engine.create(spec, makeWeights(spec))
    const small = makeBatch(spec, 2)
    const first = network.evaluate(small)
    const held = network.memoryBytes()
    // A step keeps four maps of 256 x 64 x 64 floats an image: 4 GiB for 256 images.
    const batch = makeBatch(spec, 300)
    expect(() => network.trainStep(batch, usualOptions)).toThrow(NetworkTooLargeError)
    expect(() => network.trainStep(batch, usualOptions)).toThrow(/out of memory.*4 GiB.*smaller batch/)
    expect(network.evaluate(small)).toEqual(first)
    expect(network.memoryBytes()).toBe(held)
    expect(network.trainStep(small, usualOptions).loss).toBeGreaterThan(0)
    network.dispose()
  })
})
