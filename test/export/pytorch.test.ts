import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { conformanceNetworks } from '../../src/conformance/engine/networks.js'
import { loadEngine } from '../../src/engines/registry.js'
import { pytorch } from '../../src/export/pytorch/index.js'
import { decodeSafetensors, encodeSafetensors } from '../../src/export/safetensors.js'
import { writeExport } from '../../src/export/write-export.js'
import type { NetworkSpec } from '../../src/networks/network-spec.js'
import { ExportError } from '../../src/platform/errors.js'
import { createSearchSpace, type SpaceOptions } from '../../src/spaces/registry.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { checkInPython, hasPython } from './in-python.js'
import { imagesOf, originalOf, portableOf } from './portable.js'

const engine = await loadEngine('wasm')
const macro = { channels: 4, cells: 2, input: { channels: 3, height: 8, width: 8 }, classes: 3 }
const cell: SpaceOptions = {
  name: 'cell',
  nodes: 3,
  operations: ['none', 'sep_conv_3x3', 'dil_conv_3x3', 'skip_connect'],
}

const networkOf = (options: SpaceOptions, architecture: string): NetworkSpec => {
  const space = createSearchSpace(options)
  return space.network(space.parse(architecture), macro)
}
const sourceOf = (spec: NetworkSpec): string =>
  Buffer.from(pytorch.files(portableOf(spec))['model.py'] ?? []).toString()

/** Networks of the search spaces: as chains of cells, and one whose last cell does not depend on the image. */
const spaceNetworks: readonly (readonly [string, NetworkSpec])[] = [
  [
    'nats-tss',
    networkOf({ name: 'nats-tss' }, '|nor_conv_3x3~0|+|none~0|none~1|+|avg_pool_3x3~0|skip_connect~1|nor_conv_1x1~2|'),
  ],
  [
    'nats-tss without a path',
    networkOf({ name: 'nats-tss' }, '|none~0|+|none~0|none~1|+|none~0|nor_conv_3x3~1|none~2|'),
  ],
  ['nats-sss', networkOf({ name: 'nats-sss' }, '8:16:16:24:8')],
  ['cell', networkOf(cell, '|sep_conv_3x3~0|+|dil_conv_3x3~0|skip_connect~1|')],
]

describe('the source', () => {
  it('has a class for the cell and one for the reduction, as someone would write it', () => {
    const source = sourceOf(spaceNetworks[0]?.[1] as NetworkSpec)
    expect(source.match(/^class \w+/gm)).toEqual([
      'class Convolution',
      'class Cell',
      'class Reduction',
      'class Network',
    ])
    expect(source).toContain(`class Cell(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.node1_0 = Convolution(channels, channels, 3)
        self.node3_2 = Convolution(channels, channels, 1)

    def forward(self, x):
        node1 = self.node1_0(x)
        node2 = torch.zeros_like(x)
        node3 = average_pool(x) + node1 + self.node3_2(node2)
        return node3
`)
    expect(source).toContain(`        self.stem = Convolution(3, 4, 3, relu=False)
        self.cells = nn.ModuleList(
            [
                Cell(4),
                Cell(4),
                Reduction(4, 8),
                Cell(8),
                Cell(8),
                Reduction(8, 16),
                Cell(16),
                Cell(16),
            ]
        )
`)
  })

  it('keeps names of classes and architectures within their strings', () => {
    const network = portableOf(conformanceNetworks.get('skip') as NetworkSpec, 'a"""\\b')
    const given = { ...network, classNames: ['"', '\\', '\n', 'ü\u2028', "'"] }
    const source = Buffer.from(pytorch.files(given)['model.py'] ?? []).toString()
    expect(source).toContain(String.raw`CLASS_NAMES = ["\"", "\\", "\n", "ü\u2028", "'"]`)
    expect(source).toContain(String.raw`"""The network a\"\"\"\\b, written by`)
  })
})

describe('safetensors', () => {
  it('give back what was put in', () => {
    const tensors = new Map([
      ['a', { shape: [2, 1], values: Float32Array.of(1, -0.5) }],
      ['b', { shape: [], values: Float32Array.of(3e-38) }],
    ])
    const bytes = encodeSafetensors(tensors, { name: 'ü' })
    expect(Number(bytes[0]) % 8).toBe(0)
    expect(decodeSafetensors(bytes)).toEqual(tensors)
  })
})

const hasTorch = hasPython(['torch', 'safetensors'], 'exported PyTorch modules in PyTorch')

describe.runIf(hasTorch)('PyTorch', () => {
  it('predicts what the engine does: every network of the conformance suite, and of the search spaces', async () => {
    const all = [...conformanceNetworks, ...spaceNetworks].map(([, spec]) => spec)
    const folder = temporaryFolder('pytorch')
    const checks = await checkInPython(pytorch, 'run_torch.py', folder, engine, all)
    expect(checks).toHaveLength(all.length)
    expect(checks.map(({ equalPredictions }) => equalPredictions)).toEqual(checks.map(({ images }) => images))
    expect(Math.max(...checks.map(({ largestLogitDifference }) => largestLogitDifference))).toBeLessThan(1e-5)
    for (const [i, spec] of all.entries()) {
      const facts = JSON.parse(readFileSync(path.join(folder, String(i), 'facts.json'), 'utf8'))
      expect(facts).toEqual({ architecture: 'of a test', classNames: portableOf(spec).classNames })
    }
  }, 300_000)

  it('checks an export by running it, and finds a wrong line', async () => {
    const spec = conformanceNetworks.get('average pool 3x3') as NetworkSpec
    const network = portableOf(spec)
    const directory = temporaryFolder('pytorch')
    const write = (format: typeof pytorch) =>
      writeExport(format, network, originalOf(network, engine), imagesOf(spec, 40), { directory, replace: true })
    const changed = (from: string, to: string): typeof pytorch => ({
      ...pytorch,
      files: (given) => ({ ...pytorch.files(given), 'model.py': Buffer.from(sourceOf(spec).replace(from, to)) }),
    })
    await expect(write(changed('count_include_pad=False', ''))).rejects.toThrow('PyTorch: The exported network is not')
    await expect(write(changed('import torch\n', 'import torhc\n'))).rejects.toThrow(ExportError)
    const { check } = await write(pytorch)
    expect(check).toMatchObject({ images: 40, equalPredictions: 40, unchecked: null })
    expect(check.checkedBy).toMatch(/^running model\.py with PyTorch \d/)
  }, 300_000)
})

it.each(spaceNetworks)(
  'without Python the weights are checked, and that the text was not is said: %s',
  async (_, spec) => {
    const network = portableOf(spec)
    const directory = temporaryFolder('pytorch')
    const { check } = await withoutPython(() =>
      writeExport(pytorch, network, originalOf(network, engine), imagesOf(spec), { directory, replace: true }),
    )
    expect(check).toMatchObject({ equalPredictions: 9 })
    expect(check.unchecked).toContain('model.py was not run')
  },
)

async function withoutPython<T>(act: () => Promise<T>): Promise<T> {
  const { FEAR_NAS_PYTHON: before } = process.env
  process.env.FEAR_NAS_PYTHON = '/no/python'
  try {
    return await act()
  } finally {
    if (before === undefined) delete process.env.FEAR_NAS_PYTHON
    else process.env.FEAR_NAS_PYTHON = before
  }
}
