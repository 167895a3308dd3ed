import type { ConvEdge, EdgeSpec, NetworkSpec, NodeSpec } from '../../networks/network-spec.js'

/** An edge without its name. */
export type UnnamedEdge = EdgeSpec extends infer Edge ? (Edge extends EdgeSpec ? Omit<Edge, 'name'> : never) : never

type Shape = readonly [channels: number, height: number, width: number]

type ConvOptions = Partial<Pick<ConvEdge, 'kernel' | 'stride' | 'dilation' | 'relu' | 'batchNorm'>>

/** By default ReLU, 3x3 convolution with stride 1, batch norm. */
export function conv(from: number, to: number, options: ConvOptions = {}): UnnamedEdge {
  return { op: 'conv', from, to, kernel: 3, stride: 1, relu: true, batchNorm: true, ...options }
}

/** The same, depthwise. */
export function depthwise(from: number, to: number, options: ConvOptions = {}): UnnamedEdge {
  return { op: 'conv', from, to, kernel: 3, stride: 1, depthwise: true, relu: true, batchNorm: true, ...options }
}

/** The first convolution of a network: no ReLU. */
export function stem(to = 1): UnnamedEdge {
  return conv(0, to, { relu: false })
}

export function skip(from: number, to: number): UnnamedEdge {
  return { op: 'skip', from, to }
}

export function averagePool(from: number, to: number, kernel: 2 | 3 = 3): UnnamedEdge {
  return { op: 'avg-pool', from, to, kernel }
}

/**
 * A NetworkSpec from node shapes `[channels, height, width]` and edges in any order; the head is on the last node.
 * `cuts` names nodes.
 */
export function buildNetwork(
  nodes: readonly Shape[],
  edges: readonly UnnamedEdge[],
  { classes = 5, cuts = {} }: { classes?: number; cuts?: Readonly<Record<string, number>> } = {},
): NetworkSpec {
  return {
    classes,
    nodes: nodes.map(([channels, height, width]): NodeSpec => ({ channels, height, width })),
    edges: edges.toSorted((a, b) => a.to - b.to).map((edge, index): EdgeSpec => ({ ...edge, name: `edge${index}` })),
    head: { node: nodes.length - 1 },
    cuts: Object.entries(cuts).map(([name, node]) => ({ name, node })),
  }
}

/** A cell of nodes `input`..`input + 3` that uses every operation of NATS-Bench-TSS. */
function cell(input: number): UnnamedEdge[] {
  return [
    conv(input, input + 1),
    averagePool(input, input + 2),
    conv(input + 1, input + 2, { kernel: 1 }),
    skip(input, input + 3),
    conv(input + 1, input + 3),
    averagePool(input + 2, input + 3),
  ]
}

/** A residual reduction from node `input` to `input + 3`: two convolutions, and beside them pooling and a bare 1x1. */
function reduction(input: number): UnnamedEdge[] {
  return [
    conv(input, input + 1, { stride: 2 }),
    averagePool(input, input + 2, 2),
    conv(input + 1, input + 3),
    conv(input + 2, input + 3, { kernel: 1, relu: false, batchNorm: false }),
  ]
}

/** Two cells with a reduction between them, shaped as in NATS-Bench-TSS. */
export function cellNetwork(inputChannels: number): NetworkSpec {
  const large: Shape = [3, 8, 8]
  const small: Shape = [5, 4, 4]
  return buildNetwork(
    [[inputChannels, 8, 8], large, large, large, large, small, [3, 4, 4], small, small, small, small],
    [stem(), ...cell(1), ...reduction(4), ...cell(7)],
    { cuts: { 'cells.0': 1, 'cells.1': 4, 'cells.2': 7, head: 10 } },
  )
}

/** The smallest network around one operation: a stem (so that the operation's input has a gradient), then `edge`. */
function aroundOperation(shape: Shape, edge: UnnamedEdge): NetworkSpec {
  const [channels, height, width] = shape
  const stride = edge.op === 'conv' ? edge.stride : edge.op === 'avg-pool' && edge.kernel === 2 ? 2 : 1
  const shrink = (size: number) => (edge.op === 'avg-pool' ? Math.floor(size / stride) : Math.ceil(size / stride))
  const output: Shape = [edge.op === 'conv' && !edge.depthwise ? channels + 1 : channels, shrink(height), shrink(width)]
  return buildNetwork([[2, height, width], shape, output], [stem(), edge])
}

/** One network for each kind of convolution: kernel, stride, ReLU and batch norm in all combinations. */
function convolutionNetworks(): [string, NetworkSpec][] {
  const flags = [true, false]
  return ([1, 3] as const).flatMap((kernel) =>
    ([1, 2] as const).flatMap((stride) =>
      flags.flatMap((relu) =>
        flags.map((batchNorm): [string, NetworkSpec] => [
          `conv ${kernel}x${kernel}, stride ${stride}${relu ? ', relu' : ''}${batchNorm ? ', batch norm' : ''}`,
          aroundOperation([3, 6, 6], conv(1, 2, { kernel, stride, relu, batchNorm })),
        ]),
      ),
    ),
  )
}

/** One network for each kind of depthwise convolution. */
function depthwiseNetworks(): [string, NetworkSpec][] {
  return ([3, 5] as const).flatMap((kernel) =>
    ([1, 2] as const).flatMap((stride) =>
      ([1, 2] as const).map((dilation): [string, NetworkSpec] => [
        `depthwise conv ${kernel}x${kernel}, stride ${stride}, dilation ${dilation}`,
        aroundOperation([3, 7, 6], depthwise(1, 2, { kernel, stride, dilation, batchNorm: stride === 1 })),
      ]),
    ),
  )
}

/** Small networks by name: every operation alone, and every shape of graph that a search space may make. */
export const conformanceNetworks: ReadonlyMap<string, NetworkSpec> = new Map([
  ...convolutionNetworks(),
  ...depthwiseNetworks(),
  ['depthwise conv 1x1', aroundOperation([3, 4, 4], depthwise(1, 2, { kernel: 1 }))],
  [
    'depthwise conv 5x5, dilation 2, on 2x3 pixels',
    aroundOperation([2, 2, 3], depthwise(1, 2, { kernel: 5, dilation: 2 })),
  ],
  [
    'depthwise conv 3x3 of the image',
    buildNetwork(
      [
        [3, 6, 6],
        [3, 6, 6],
      ],
      [depthwise(0, 1, { relu: false })],
    ),
  ],
  [
    'a separable convolution beside a dilated one',
    buildNetwork(
      [
        [1, 6, 6],
        [4, 6, 6],
        [4, 6, 6],
        [4, 6, 6],
        [4, 6, 6],
      ],
      [
        stem(),
        depthwise(1, 2, { batchNorm: false }),
        depthwise(1, 3, { batchNorm: false, dilation: 2 }),
        conv(2, 4, { kernel: 1, relu: false }),
        conv(3, 4, { kernel: 1, relu: false }),
        conv(1, 4),
      ],
      { cuts: { cell: 1, head: 4 } },
    ),
  ],
  ['conv 3x3 on a square of odd size', aroundOperation([2, 5, 5], conv(1, 2))],
  ['conv 3x3, stride 2, on 7x5 pixels', aroundOperation([2, 7, 5], conv(1, 2, { stride: 2 }))],
  ['conv 1x1, stride 2, on 5x7 pixels', aroundOperation([2, 5, 7], conv(1, 2, { kernel: 1, stride: 2 }))],
  ['conv 3x3 on a single pixel', aroundOperation([2, 1, 1], conv(1, 2))],
  ['conv 3x3 on 17 channels', aroundOperation([17, 4, 4], conv(1, 2))],
  ['skip', aroundOperation([3, 6, 6], skip(1, 2))],
  ['average pool 3x3', aroundOperation([3, 6, 6], averagePool(1, 2))],
  ['average pool 3x3 on 4x7 pixels', aroundOperation([3, 4, 7], averagePool(1, 2))],
  ['average pool 3x3 on a single row', aroundOperation([3, 1, 5], averagePool(1, 2))],
  ['average pool 2x2', aroundOperation([3, 6, 6], averagePool(1, 2, 2))],
  ['average pool 2x2 on 7x5 pixels', aroundOperation([3, 7, 5], averagePool(1, 2, 2))],
  [
    'several edges between the same nodes',
    buildNetwork(
      [
        [1, 6, 6],
        [3, 6, 6],
        [3, 6, 6],
      ],
      [stem(), conv(1, 2), conv(1, 2), conv(1, 2, { kernel: 1 }), skip(1, 2), skip(1, 2), averagePool(1, 2)],
    ),
  ],
  [
    'a node without inputs',
    buildNetwork(
      [
        [3, 6, 6],
        [2, 6, 6],
        [2, 6, 6],
        [2, 6, 6],
      ],
      [stem(), conv(1, 3), conv(2, 3), averagePool(2, 3)],
    ),
  ],
  [
    'a node that leads nowhere',
    buildNetwork(
      [
        [3, 6, 6],
        [2, 6, 6],
        [2, 6, 6],
        [2, 6, 6],
      ],
      [stem(), conv(1, 2), conv(1, 3, { kernel: 1 })],
    ),
  ],
  [
    'a head without inputs',
    buildNetwork(
      [
        [3, 6, 6],
        [2, 6, 6],
        [2, 6, 6],
      ],
      [stem()],
    ),
  ],
  [
    'a head on the stem',
    buildNetwork(
      [
        [1, 6, 6],
        [4, 6, 6],
      ],
      [stem()],
      { classes: 2 },
    ),
  ],
  ['two cells and a reduction, 1 input channel', cellNetwork(1)],
  ['two cells and a reduction, 3 input channels', cellNetwork(3)],
])

/**
 * Networks on which fifty training steps can be compared. Training amplifies rounding: a ReLU whose input changes sign
 * changes the gradient abruptly, and the more activations there are, the sooner this happens. If the start is perturbed
 * by a few float32 roundings, the losses of these networks differ by less than 1e-5 throughout, those of two cells by
 * up to 1e-1; two correct engines may differ as much there. float64-engine.test.ts shows both.
 */
export const steadyNetworks: ReadonlyMap<string, NetworkSpec> = new Map(
  [...conformanceNetworks].filter(([name]) =>
    [
      'conv 3x3, stride 2, relu, batch norm',
      'conv 1x1, stride 1, relu, batch norm',
      'average pool 3x3',
      'average pool 2x2',
      'several edges between the same nodes',
      'a node without inputs',
    ].includes(name),
  ),
)
