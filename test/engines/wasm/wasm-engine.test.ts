import { describe, expect, it } from 'vitest'
import { buildNetwork, cellNetwork, conv, stem } from '../../../src/conformance/engine/networks.js'
import { makeBatch, makeWeights, usualOptions } from '../../../src/conformance/engine/suite.js'
import { loadWasmEngine } from '../../../src/engines/wasm/wasm-engine.js'
import { EngineError } from '../../../src/platform/errors.js'

const spec = cellNetwork(3)

describe('the wasm engine', () => {
  it('says what it is', () => {
    expect(loadWasmEngine()).toMatchObject({
      name: 'wasm',
      info: { device: 'simd128', gpu: false, maxThreads: Number.POSITIVE_INFINITY },
    })
  })

  it('refuses a graph whose edges do not fit their nodes, in the words of the C++, and goes on', () => {
    const engine = loadWasmEngine()
    const shapes = [
      [1, 6, 6],
      [2, 6, 6],
      [2, 6, 6],
    ] as const
    const broken = buildNetwork(shapes, [stem(), conv(1, 2, { stride: 2 })])
    expect(() => engine.create(broken, makeWeights(broken))).toThrow(EngineError)
    expect(() => engine.create(broken, makeWeights(broken))).toThrow(/node 1 to node 2.*shape/)
    const network = engine.create(spec, makeWeights(spec))
    expect(network.trainStep(makeBatch(spec, 9), usualOptions).loss).toBeGreaterThan(0)
    network.dispose()
  })

  it('gives the same bits every time', () => {
    const losses = () => {
      const network = loadWasmEngine().create(spec, makeWeights(spec))
      const found = [0, 1, 2].map((index) => network.trainStep(makeBatch(spec, 21, index), usualOptions).loss)
      network.dispose()
      return found
    }
    expect(losses()).toEqual(losses())
  })

  it('tells where its time went', () => {
    const network = loadWasmEngine().create(spec, makeWeights(spec))
    network.trainStep(makeBatch(spec, 64), usualOptions)
    const phases = network.phases()
    network.dispose()
    expect(phases.backward).toBeGreaterThan(0)
    expect(Object.values(phases).every((seconds) => seconds >= 0)).toBe(true)
  })
})
