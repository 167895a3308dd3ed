import { describe, expect, it } from 'vitest'
import { chooseEngine } from '../../src/engines/choose-engine.js'
import { resolveCut } from '../../src/networks/cuts.js'
import { nodeSize } from '../../src/networks/network-spec.js'
import { memoryFactor, trainingMemoryBytes } from '../../src/networks/training-memory.js'
import { initialWeights } from '../../src/networks/weights.js'
import { createRng } from '../../src/platform/rng.js'
import { createSearchSpace, type SpaceSetup } from '../../src/spaces/registry.js'

const input = (side: number, channels: number) => ({ channels, height: side, width: side })
const cell = { name: 'cell', nodes: 4, operations: ['nor_conv_3x3', 'sep_conv_3x3', 'skip_connect', 'none'] } as const
const options = { learningRate: 0.1, momentum: 0.9, nesterov: true, weightDecay: 5e-4, clipNorm: 5 }
const engines = await Promise.all(['native' as const, 'wasm' as const].map((name) => chooseEngine(name)))

const cases: readonly (readonly [string, SpaceSetup, number])[] = [
  ['many images', { name: 'nats-tss', macro: { channels: 8, cells: 1, input: input(28, 1), classes: 10 } }, 128],
  ['large images', { name: 'nats-tss', macro: { channels: 4, cells: 1, input: input(96, 3), classes: 5 } }, 64],
  ['deep', { name: 'nats-tss', macro: { channels: 4, cells: 5, input: input(16, 3), classes: 10 } }, 64],
  ['many weights', { name: 'nats-tss', macro: { channels: 64, cells: 1, input: input(8, 3), classes: 100 } }, 32],
  ['separable convolutions', { ...cell, macro: { channels: 8, cells: 2, input: input(24, 3), classes: 10 } }, 32],
  ['given widths', { name: 'nats-sss', macro: { input: input(16, 3), classes: 10 } }, 48],
]

describe('the memory of a network in training', () => {
  it.each(cases)('is known within its factor: %s', (_, placed, batch) => {
    const { macro, ...space } = placed
    const { at, size, network } = createSearchSpace(space)
    let checked = 0
    // The first is the smallest or largest of its space, the others are in between.
    for (const index of [0, Math.floor(size / 3), Math.floor((size * 5) / 7), size - 1]) {
      const spec = network(at(index), macro)
      const { channels, height, width } = macro.input
      const images = { images: new Float32Array(batch * channels * height * width), labels: new Int32Array(batch) }
      for (const { engine } of engines) {
        const trained = engine.create(spec, initialWeights(spec, createRng(1)))
        trained.trainStep({ ...images, count: batch }, options)
        const [held, estimate] = [trained.memoryBytes(), trainingMemoryBytes(spec, batch)]
        const ratio = held / estimate
        trained.dispose()
        // Less is nothing to decide about.
        if (held < 10e6) continue
        checked++
        expect(ratio, `${engine.name} ${at(index)}`).toBeGreaterThan(1 / memoryFactor)
        expect(ratio, `${engine.name} ${at(index)}`).toBeLessThan(memoryFactor)
      }
    }
    expect(checked).toBeGreaterThanOrEqual(3)
  })

  it('is known within its factor of the part above a cut, too', () => {
    const { at, network } = createSearchSpace({ name: 'nats-tss' })
    const spec = network(at(7000), { channels: 8, cells: 2, input: input(32, 3), classes: 10 })
    const cut = resolveCut(spec, 'last-stage')
    const count = 256
    const features = new Float32Array(count * nodeSize(spec.nodes[cut.node] ?? { channels: 0, height: 0, width: 0 }))
    for (const { engine } of engines) {
      const tail = engine.create(spec, initialWeights(spec, createRng(1)))
      tail.freezeUpTo(cut.name, 'running')
      tail.trainTailStep({ features, labels: new Int32Array(count), count }, options)
      const ratio = tail.memoryBytes() / trainingMemoryBytes(spec, count, cut.node)
      tail.dispose()
      expect(ratio).toBeGreaterThan(1 / memoryFactor)
      expect(ratio).toBeLessThan(memoryFactor)
    }
  })

  it('grows with the batch, in blocks', () => {
    const { at, network } = createSearchSpace({ name: 'nats-tss' })
    const spec = network(at(15_624), { channels: 16, cells: 5, input: input(32, 3), classes: 10 })
    const [one, sixteen, seventeen] = [1, 16, 17].map((batch) => trainingMemoryBytes(spec, batch))
    expect(one).toBe(sixteen)
    expect(seventeen).toBeGreaterThan(sixteen as number)
  })
})
