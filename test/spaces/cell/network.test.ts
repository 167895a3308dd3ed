import { describe, expect, it } from 'vitest'
import { forwardFlops } from '../../../src/networks/flops.js'
import type { EdgeSpec, NetworkSpec } from '../../../src/networks/network-spec.js'
import { parameterCount } from '../../../src/networks/parameters.js'
import { createCellSpace } from '../../../src/spaces/cell/index.js'
import { cellOperations } from '../../../src/spaces/cell/operations.js'
import type { MacroSpec } from '../../../src/spaces/search-space.js'

const space = createCellSpace({ name: 'cell', nodes: 3, operations: cellOperations })
const macro: MacroSpec = { channels: 4, cells: 1, input: { channels: 1, height: 8, width: 8 }, classes: 2 }
const network = (operation: string) => space.network(`|${operation}~0|+|none~0|skip_connect~1|`, macro)
const empty = network('none')

/** What one operation of a stage adds, of three stages with 4, 8, 16 channels and 64, 16, 4 pixels. */
function added(spec: NetworkSpec, count: (spec: NetworkSpec) => number): number {
  return count(spec) - count(empty)
}

/** Without what is around it: edges by name in cell 0. */
function firstCell({ edges }: NetworkSpec): readonly EdgeSpec[] {
  return edges.filter(({ name }) => name.startsWith('cells.0.'))
}

describe('operations of DARTS', () => {
  const relus = { relu: true, batchNorm: false }

  it('a separable convolution: ReLU, depthwise, pointwise and batch norm, twice', () => {
    expect(firstCell(network('sep_conv_5x5'))).toEqual([
      edge('node1.0.depthwise1', 1, 2, { kernel: 5, depthwise: true, ...relus }),
      edge('node1.0.pointwise1', 2, 3, { kernel: 1, relu: false, batchNorm: true }),
      edge('node1.0.depthwise2', 3, 4, { kernel: 5, depthwise: true, ...relus }),
      edge('node1.0.pointwise2', 4, 5, { kernel: 1, relu: false, batchNorm: true }),
      { op: 'skip', name: 'cells.0.node2.1', from: 5, to: 6 },
    ])
  })

  it('a dilated convolution: ReLU, depthwise with every second pixel, pointwise and batch norm, once', () => {
    expect(firstCell(network('dil_conv_3x3'))).toEqual([
      edge('node1.0.depthwise', 1, 2, { kernel: 3, depthwise: true, dilation: 2, ...relus }),
      edge('node1.0.pointwise', 2, 3, { kernel: 1, relu: false, batchNorm: true }),
      { op: 'skip', name: 'cells.0.node2.1', from: 3, to: 4 },
    ])
  })

  // For c channels: kernel^2 c of the depthwise, c^2 of the pointwise, 2 c of the batch norm.
  it.each([
    { operation: 'sep_conv_3x3', params: (c: number) => 2 * (9 * c + c * c + 2 * c), taps: 9, times: 2 },
    { operation: 'sep_conv_5x5', params: (c: number) => 2 * (25 * c + c * c + 2 * c), taps: 25, times: 2 },
    { operation: 'dil_conv_3x3', params: (c: number) => 9 * c + c * c + 2 * c, taps: 9, times: 1 },
  ])('$operation has parameters and FLOPs that a hand can count', ({ operation, params, taps, times }) => {
    const spec = network(operation)
    expect(added(spec, parameterCount)).toBe(params(4) + params(8) + params(16))
    const multiplyAdds = (c: number, pixels: number) => times * (taps * c + c * c) * pixels
    expect(added(spec, forwardFlops)).toBe(2 * (multiplyAdds(4, 64) + multiplyAdds(8, 16) + multiplyAdds(16, 4)))
  })

  it('inner nodes come before the node they lead to, and edges stay sorted', () => {
    const spec = space.network('|sep_conv_3x3~0|+|dil_conv_3x3~0|sep_conv_5x5~1|', macro)
    const targets = spec.edges.map(({ to }) => to)
    expect(targets).toEqual(targets.toSorted((a, b) => a - b))
    for (const { from, to } of spec.edges) expect(from).toBeLessThan(to)
    for (const { node } of spec.cuts) {
      expect(spec.edges.filter(({ from, to }) => from < node && to > node)).toEqual([])
    }
    expect(new Set(spec.edges.map(({ name }) => name)).size).toBe(spec.edges.length)
  })
})

function edge(name: string, from: number, to: number, details: object): object {
  return { op: 'conv', name: `cells.0.${name}`, from, to, stride: 1, ...details }
}
