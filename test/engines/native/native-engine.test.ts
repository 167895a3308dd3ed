import { existsSync } from 'node:fs'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { buildNetwork, cellNetwork, conv, stem } from '../../../src/conformance/engine/networks.js'
import { largest, makeBatch, makeWeights, usualOptions } from '../../../src/conformance/engine/suite.js'
import { CompiledNetwork } from '../../../src/engines/compiled/compiled-network.js'
import { loadNativeEngine, nativeAddonPath, nativeInstructionSets } from '../../../src/engines/native/native-engine.js'
import { EngineError } from '../../../src/platform/errors.js'

const spec = cellNetwork(3)

describe('the native engine', () => {
  afterEach(() => vi.unstubAllEnvs())

  it('finds its addon from the sources', () => {
    expect(existsSync(nativeAddonPath())).toBe(true)
  })

  it('has the generic instruction set everywhere and prefers the best', () => {
    expect(nativeInstructionSets()).toContain('generic')
    expect(loadNativeEngine().info).toMatchObject({ device: nativeInstructionSets()[0], maxThreads: Infinity })
  })

  it('obeys FEAR_NAS_ISA', () => {
    vi.stubEnv('FEAR_NAS_ISA', 'generic')
    expect(loadNativeEngine().info.device).toBe('generic')
  })

  it('names the instruction sets there are when asked for another', () => {
    expect(() => loadNativeEngine('mmx')).toThrow(EngineError)
    expect(() => loadNativeEngine('mmx')).toThrow(/"mmx".*generic/)
  })

  it('computes alike with every instruction set', () => {
    const batch = makeBatch(spec, 20)
    const [first, ...others] = nativeInstructionSets().map((name) => {
      const network = loadNativeEngine(name).create(spec, makeWeights(spec))
      const gradients = network.gradients(batch)
      network.dispose()
      return gradients
    })
    for (const gradients of others) {
      const difference = gradients.map((value, i) => value - (first?.[i] ?? Number.NaN))
      expect(largest(difference)).toBeLessThan(1e-5 * largest(gradients))
    }
  })

  it('refuses a graph whose edges do not fit their nodes', () => {
    const broken = buildNetwork(
      [
        [1, 6, 6],
        [2, 6, 6],
        [2, 6, 6],
      ],
      [stem(), conv(1, 2, { stride: 2 })],
    )
    expect(() => loadNativeEngine().create(broken, makeWeights(broken))).toThrow(/node 1 to node 2.*shape/)
  })

  it('tells where its time went', () => {
    withNetwork((network) => {
      network.trainStep(makeBatch(spec, 16), usualOptions)
      const seconds = Object.values(network.phases())
      expect(seconds.length).toBeGreaterThan(5)
      expect(seconds.every((value) => value >= 0)).toBe(true)
      expect(network.phases().backward).toBeGreaterThan(0)
    })
  })

  it('holds less once a trunk is frozen, least when it uses its running statistics', () => {
    const bytes = (freeze: (network: CompiledNetwork) => void) => {
      let held = 0
      withNetwork((network) => {
        freeze(network)
        network.trainStep(makeBatch(spec, 256), usualOptions)
        held = network.memoryBytes()
      })
      return held
    }
    const free = bytes(() => {})
    const batchStatistics = bytes((network) => network.freezeUpTo('cells.2', 'batch'))
    const runningStatistics = bytes((network) => network.freezeUpTo('cells.2', 'running'))
    expect(batchStatistics).toBeLessThan(free)
    expect(runningStatistics).toBeLessThan(batchStatistics)
  })

  it('needs no more memory to evaluate many images than to evaluate one block', () => {
    withNetwork((network) => {
      network.evaluate(makeBatch(spec, 16))
      const before = network.memoryBytes()
      network.evaluate(makeBatch(spec, 500))
      expect(network.memoryBytes()).toBe(before)
    })
  })

  it('counts images with equal logits for the first class only', () => {
    const weights = makeWeights(spec)
    weights.parameters.fill(0)
    withNetwork((network) => {
      network.setWeights(weights)
      const { images } = makeBatch(spec, 4)
      const labels = Int32Array.of(0, 1, 0, 2)
      expect(network.evaluate({ images, labels, count: 4 })).toEqual({ loss: Math.log(5), correct: 2, count: 4 })
    })
  })
})

function withNetwork(body: (network: CompiledNetwork) => void): void {
  const network = loadNativeEngine().create(spec, makeWeights(spec))
  if (!(network instanceof CompiledNetwork)) throw new TypeError('not a compiled network')
  try {
    body(network)
  } finally {
    network.dispose()
  }
}
