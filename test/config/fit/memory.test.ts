import { describe, expect, it } from 'vitest'
import { checkImageSize } from '../../../src/config/fit/image-size.js'
import { checkMemory, type MemoryRequest } from '../../../src/config/fit/memory.js'
import { plannedTrainings } from '../../../src/config/fit/trainings.js'
import { configSchema } from '../../../src/config/schema/config.js'
import { requireMemory } from '../../../src/datasets/require-memory.js'
import type { EngineInfo } from '../../../src/engines/engine.js'

const info: EngineInfo = { version: '1', device: 'any', gpu: false, maxThreads: Infinity }
const gigabyte = 1e9

function request(channels: number, side: number, batch: number, more: Partial<MemoryRequest> = {}): MemoryRequest {
  const input = { channels: 3, height: side, width: side }
  return {
    space: { name: 'nats-tss', macro: { channels, cells: 5, input, classes: 10 } },
    constraints: [],
    trainings: [{ path: ['training', 'batch'], batch, cut: null, cachesFeatures: false }],
    trainImages: 45_000,
    datasetBytes: 180e6,
    workers: 1,
    engine: { name: 'native', info },
    memoryBytes: 24 * gigabyte,
    ...more,
  }
}

describe('the check of memory', () => {
  it('has nothing against what the examples do', () => {
    expect(checkMemory(request(16, 32, 256, { workers: 8 }))).toEqual({ complaint: null, warning: null })
  })

  it('refuses what no worker can hold, and names the settings', () => {
    const { complaint, warning } = checkMemory(request(256, 256, 512))
    expect(warning).toBeNull()
    expect(complaint?.path).toEqual(['training', 'batch'])
    expect(complaint?.sentence).toMatch(
      /^training\.batch is 512, and with space\.channels 256 and images of 256x256 half of the networks need [\d,.]+ GiB or more each, by estimate; beside the images this machine has 22\.2 GiB\. Lower training\.batch, space\.channels or data\.size\.$/,
    )
  })

  it('takes no larger batch than there are images', () => {
    expect(checkMemory(request(16, 32, 65_536, { trainImages: 200 })).complaint).toBeNull()
    expect(checkMemory(request(16, 32, 65_536)).complaint?.path).toEqual(['training', 'batch'])
  })

  it('refuses workers that are too many together, and says how many are not', () => {
    const { complaint } = checkMemory(request(16, 32, 256, { workers: 256 }))
    expect(complaint?.path).toEqual(['workers'])
    const most = Number(
      /Set workers to at most (\d+), or lower training\.batch\.$/.exec(complaint?.sentence ?? '')?.[1],
    )
    expect(most).toBeGreaterThan(8)
    expect(checkMemory(request(16, 32, 256, { workers: most })).complaint).toBeNull()
  })

  it('warns of what the largest networks may find too little', () => {
    const { complaint, warning } = checkMemory(request(16, 32, 256, { workers: 24 }))
    expect(complaint).toBeNull()
    expect(warning).toMatch(
      /^The largest networks need about \d+\.\d GiB with 24 workers, by estimate, of the 22\.4 GiB available\. If trials run out of memory, lower training\.batch/,
    )
  })

  it("knows the engine's own limits", () => {
    const wasm = { name: 'wasm', info, limits: { parameters: 2 ** 28, networkBytes: 2 ** 32 } } as const
    const most = { memoryBytes: 1e13, engine: wasm }
    expect(checkMemory(request(64, 64, 512, most)).complaint?.sentence).toMatch(/the engine wasm has 4\.0 GiB/)
    const space = { ...request(256, 8, 1).space, macro: { ...request(256, 8, 1).space.macro, cells: 20 } }
    expect(checkMemory({ ...request(256, 8, 1, most), space }).complaint).toEqual({
      path: ['space'],
      sentence: expect.stringMatching(
        /^space: half of its networks have \d+ million parameters or more, and the engine wasm takes 268 million\. Lower space\.channels or space\.cells\.$/,
      ),
    })
  })

  it('looks at the networks within the constraints alone', () => {
    const constraints = [{ params: { atMost: 5000 } }]
    const small = checkMemory(request(16, 32, 4096, { constraints, memoryBytes: 4 * gigabyte }))
    const all = checkMemory(request(16, 32, 4096, { memoryBytes: 4 * gigabyte }))
    expect([small.complaint, all.complaint === null]).toEqual([null, false])
  })

  it('counts features that are kept for all images', () => {
    const tail = { path: ['evaluator', 'stage2', 'batch'], batch: 1, cut: 'cells.1', cachesFeatures: true }
    const { complaint } = checkMemory(request(64, 64, 1, { trainings: [tail], memoryBytes: 8 * gigabyte }))
    expect(complaint?.path).toEqual(['evaluator', 'stage2', 'batch'])
    expect(checkMemory(request(64, 64, 1, { trainings: [{ ...tail, cachesFeatures: false }] })).complaint).toBeNull()
  })

  it('says nothing of the memory of a GPU', () => {
    const engine = { name: 'tensorflow', info: { ...info, gpu: true } } as const
    expect(checkMemory(request(256, 256, 512, { engine })).complaint).toBeNull()
  })
})

describe('what a command does with its networks', () => {
  const paths = (command: 'compare' | 'search' | 'rank', written: object): readonly string[] =>
    plannedTrainings(
      command,
      configSchema.parse({ data: { name: 'fashion-mnist' }, budget: { trials: 2 }, ...written }),
    ).map(({ path }) => path.join('.'))

  it('is found in the settings that it looks at', () => {
    const fear = ['evaluator.stage1.batch', 'evaluator.stage2.batch']
    expect(paths('search', {})).toEqual(['training.batch', ...fear])
    expect(paths('search', { evaluator: { name: 'zero-cost' }, prefilter: {} })).toEqual([
      'training.batch',
      'prefilter.batch',
      'evaluator.batch',
    ])
    const arms = [
      { name: 'a', evaluator: { name: 'full-training' } },
      { name: 'b', evaluator: { name: 'fear' } },
    ]
    expect(new Set(paths('compare', { arms }))).toEqual(
      new Set(['training.batch', 'arms.1.evaluator.stage1.batch', 'arms.1.evaluator.stage2.batch']),
    )
    expect(paths('search', { arms })).toEqual(['training.batch', ...fear])
    const rank = { evaluators: [{ name: 'short-training' }], inTraining: {} }
    expect(paths('rank', { rank })).toEqual(['training.batch', 'rank.evaluators.0.batch', 'rank.inTraining.batch'])
  })
})

describe('the size of images', () => {
  it.each([
    [7, 9, 8],
    [30, 50, 32],
    [1, 1, 4],
    [227, 300, 64],
  ])('of %i x %i is refused with one that fits', (height, width, size) => {
    expect(checkImageSize({ height, width })).toEqual([
      {
        path: ['data', 'size'],
        sentence:
          `data.size is not set, and the images have ${width}x${height} pixels (width x height): networks halve them ` +
          `twice, so both must be multiples of 4. Set data.size, such as ${size}.`,
      },
    ])
    expect(size % 4).toBe(0)
  })

  it('is free otherwise, square or not', () => {
    expect(checkImageSize({ height: 28, width: 224 })).toEqual([])
  })

  it('must fit into memory with all images', () => {
    const bulk = { images: 60_000, channels: 1, height: 1024, width: 1024 }
    expect(() => requireMemory('data.name mnist', bulk, 24e9)).toThrow(
      'data.name mnist: 60000 images of 1024x1024 pixels and 1 channel take 58.6 GiB, and this machine has 22.4 GiB. Set a lower data.size',
    )
    expect(() => requireMemory('data.name mnist', bulk, 64e9)).not.toThrow()
  })
})
