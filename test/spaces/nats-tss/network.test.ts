import { describe, expect, it } from 'vitest'
import { resolveCut } from '../../../src/networks/cuts.js'
import { forwardFlops } from '../../../src/networks/flops.js'
import { frozenPrefix, parameterCount } from '../../../src/networks/parameters.js'
import { ConfigError } from '../../../src/platform/errors.js'
import { natsTss } from '../../../src/spaces/nats-tss/index.js'
import { cifar10Macro, tinyMacro, uniformCell } from './cells.js'

const mixed = '|nor_conv_3x3~0|+|none~0|nor_conv_1x1~1|+|skip_connect~0|none~1|avg_pool_3x3~2|'

describe('the network of nats-tss on CIFAR-10', () => {
  // NATS-Bench counts multiply-adds, and the ten biases with them: its range is 7.78 to 220.12 millions.
  it.each([
    { operation: 'nor_conv_3x3', parameters: 1_531_546, multiplyAdds: 220_119_680, trainableAbove13: 888_586 },
    { operation: 'skip_connect', parameters: 73_306, multiplyAdds: 7_783_040, trainableAbove13: 778 },
  ])('all $operation has $parameters parameters', ({ operation, parameters, multiplyAdds, trainableAbove13 }) => {
    const spec = natsTss.network(uniformCell(operation), cifar10Macro)
    expect(parameterCount(spec)).toBe(parameters)
    expect(forwardFlops(spec)).toBe(2 * multiplyAdds)
    // What FEAR trains in its second stage, as counted from its authors' code.
    const frozen = frozenPrefix(spec, resolveCut(spec, 'cells.13').node).parameters
    expect(parameters - frozen).toBe(trainableAbove13)
  })

  it('numbers cells and reductions together', () => {
    const { edges } = natsTss.network(mixed, cifar10Macro)
    const reductions = new Set(edges.filter((edge) => edge.name.includes('.main.')).map((e) => e.name.split('.')[1]))
    expect(reductions).toEqual(new Set(['5', '11']))
    expect(edges[0]?.name).toBe('stem')
    expect(edges.at(-1)?.name).toBe('cells.16.node3.2')
  })
})

it('has FLOPs that a hand can count', () => {
  // Multiply-adds at 1, 2, 4 channels of 16, 4, 1 pixels. A cell of six 1x1 convolutions: 6 c c pixels.
  const stem = 9 * 16
  const cells = 6 * 1 * 16 + 6 * 4 * 4 + 6 * 16 * 1
  const reductions = (9 * 2 + 9 * 4 + 2) * 4 + (9 * 8 + 9 * 16 + 8) * 1
  const head = 4 * 2
  const spec = natsTss.network(uniformCell('nor_conv_1x1'), tinyMacro)
  expect(forwardFlops(spec)).toBe(2 * (stem + cells + reductions + head))
})

describe('a cell', () => {
  const spec = natsTss.network(mixed, tinyMacro)

  it('adds three nodes and the edges that are not none, in string order', () => {
    expect(spec.edges.filter((edge) => edge.name.startsWith('cells.0.'))).toEqual([
      { op: 'conv', name: 'cells.0.node1.0', from: 1, to: 2, kernel: 3, stride: 1, relu: true, batchNorm: true },
      { op: 'conv', name: 'cells.0.node2.1', from: 2, to: 3, kernel: 1, stride: 1, relu: true, batchNorm: true },
      { op: 'skip', name: 'cells.0.node3.0', from: 1, to: 4 },
      { op: 'avg-pool', name: 'cells.0.node3.2', from: 3, to: 4, kernel: 3 },
    ])
  })

  it('follows a stem without ReLU', () => {
    expect(spec.edges[0]).toEqual({
      op: 'conv',
      name: 'stem',
      from: 0,
      to: 1,
      kernel: 3,
      stride: 1,
      relu: false,
      batchNorm: true,
    })
  })

  it('keeps its nodes when no edge is left', () => {
    const empty = natsTss.network(uniformCell('none'), tinyMacro)
    expect(empty.nodes).toEqual(spec.nodes)
    expect(empty.edges).toHaveLength(1 + 2 * 4)
  })
})

it('a reduction has two convolutions beside a pooled shortcut, its output node last', () => {
  const spec = natsTss.network(mixed, tinyMacro)
  expect(spec.edges.filter((edge) => edge.name.startsWith('cells.1.'))).toEqual([
    { op: 'conv', name: 'cells.1.main.0', from: 4, to: 5, kernel: 3, stride: 2, relu: true, batchNorm: true },
    { op: 'avg-pool', name: 'cells.1.shortcut.0', from: 4, to: 6, kernel: 2 },
    { op: 'conv', name: 'cells.1.main.1', from: 5, to: 7, kernel: 3, stride: 1, relu: true, batchNorm: true },
    { op: 'conv', name: 'cells.1.shortcut.1', from: 6, to: 7, kernel: 1, stride: 1, relu: false, batchNorm: false },
  ])
  expect(spec.nodes.slice(5, 8)).toEqual([
    { channels: 2, height: 2, width: 2 },
    { channels: 1, height: 2, width: 2 },
    { channels: 2, height: 2, width: 2 },
  ])
})

describe('cuts', () => {
  it.each([
    { cells: 1, count: 5, lastStage: 'cells.4', node: 13 },
    { cells: 5, count: 17, lastStage: 'cells.12', node: 37 },
  ])('with $cells cells a stage: one before each cell, and last-stage is $lastStage', (expected) => {
    const spec = natsTss.network(mixed, { ...cifar10Macro, cells: expected.cells })
    const numbered = Array.from({ length: expected.count - 1 }, (_, i) => `cells.${i + 1}`)
    expect(spec.cuts.map((cut) => cut.name).filter((name) => name !== 'last-stage')).toEqual([...numbered, 'head'])
    expect(resolveCut(spec, expected.lastStage).node).toBe(expected.node)
    expect(resolveCut(spec, 'last-stage')).toEqual({ name: 'last-stage', node: expected.node })
  })

  it.each([1, 5])('cells.K of %i cells a stage is the node that cell K reads', (cells) => {
    const spec = natsTss.network(uniformCell('nor_conv_3x3'), { ...cifar10Macro, cells })
    for (const { name, node } of spec.cuts.filter((cut) => cut.name.startsWith('cells.'))) {
      expect(spec.edges.find((edge) => edge.name.startsWith(`${name}.`))?.from).toBe(node)
      // Frozen is exactly what belongs to the stem and to lower cells.
      const number = Number(name.split('.')[1])
      for (const edge of spec.edges) {
        const cell = edge.name === 'stem' ? -1 : Number(edge.name.split('.')[1])
        expect(edge.to <= node).toBe(cell < number)
      }
    }
  })
})

describe('a macro that does not fit', () => {
  it.each([
    { height: 30, width: 30, next: '32x32' },
    { height: 28, width: 27, next: '28x28' },
    { height: 1, width: 4, next: '4x4' },
  ])('$height x $width: names the next size, $next', ({ height, width, next }) => {
    const macro = { ...cifar10Macro, input: { channels: 3, height, width } }
    expect(() => natsTss.network(mixed, macro)).toThrow(
      new ConfigError(
        'A nats-tss network halves the image twice, so height and width must be multiples of 4, ' +
          `got ${height}x${width}. The next size that fits is ${next}.`,
      ),
    )
  })

  it.each([
    {
      macro: { ...cifar10Macro, channels: 0 },
      message: 'channels of a nats-tss network must be a positive integer, got 0.',
    },
    {
      macro: { ...cifar10Macro, cells: 1.5 },
      message: 'cells of a nats-tss network must be a positive integer, got 1.5.',
    },
    {
      macro: { ...cifar10Macro, classes: Number.NaN },
      message: 'classes of a nats-tss network must be a positive integer, got NaN.',
    },
  ])('$message', ({ macro, message }) => {
    expect(() => natsTss.network(mixed, macro)).toThrow(new ConfigError(message))
  })
})
