import type { CutPoint, EdgeSpec, NetworkSpec, NodeSpec } from '../../networks/network-spec.js'
import { ConfigError } from '../../platform/errors.js'
import type { MacroSpec } from '../search-space.js'
import type { Cell, Operation, PerNode } from './cell.js'

const stages = 3

/** A network under construction. Nodes must be added in topological order. */
interface Draft {
  readonly nodes: NodeSpec[]
  readonly edges: EdgeSpec[]
}

/**
 * The network of NAS-Bench-201: stem (convolution 3x3 and batch norm), then three stages of `macro.cells` equal cells
 * with a residual reduction before the second and the third. Cells and reductions are numbered together, as in the
 * FEAR paper: with five cells a stage, `cells.5` and `cells.11` are the reductions.
 *
 * Cuts: `cells.K` for K >= 1, `last-stage` (an alias of the first cell after the second reduction) and `head`.
 *
 * @throws ConfigError if a number of `macro` is not a positive integer, or a side of the image no multiple of four.
 */
export function buildNetwork(cell: Cell, macro: MacroSpec): NetworkSpec {
  checkMacro(macro)
  const draft: Draft = { nodes: [macro.input], edges: [] }
  let node = addStem(draft, macro.channels)
  let number = 0
  const cuts: CutPoint[] = []
  const startCell = (): string => {
    const name = `cells.${number}`
    if (number > 0) cuts.push({ name, node })
    number++
    return name
  }
  for (let stage = 0; stage < stages; stage++) {
    if (stage > 0) node = addReduction(draft, startCell(), node)
    for (let i = 0; i < macro.cells; i++) {
      const name = startCell()
      if (stage === stages - 1 && i === 0) cuts.push({ name: 'last-stage', node })
      node = addCell(draft, name, node, cell)
    }
  }
  cuts.push({ name: 'head', node })
  return { classes: macro.classes, nodes: draft.nodes, edges: draft.edges, head: { node }, cuts }
}

function addStem(draft: Draft, channels: number): number {
  const to = addNode(draft, { ...shapeOf(draft, 0), channels })
  draft.edges.push(convolution('stem', 0, to, { relu: false }))
  return to
}

/** Adds the three nodes of a cell, reachable or not, and its edges other than `none`. Returns the output node. */
function addCell(draft: Draft, name: string, input: number, cell: Cell): number {
  const shape = shapeOf(draft, input)
  const nodes: PerNode<number> = [input, addNode(draft, shape), addNode(draft, shape), addNode(draft, shape)]
  for (const { from, to, operation } of cell) {
    if (operation === 'none') continue
    draft.edges.push(cellEdge(operation, `${name}.node${to}.${from}`, nodes[from], nodes[to]))
  }
  return nodes[3]
}

function cellEdge(operation: Exclude<Operation, 'none'>, name: string, from: number, to: number): EdgeSpec {
  switch (operation) {
    case 'skip_connect':
      return { op: 'skip', name, from, to }
    case 'avg_pool_3x3':
      return { op: 'avg-pool', name, from, to, kernel: 3 }
    case 'nor_conv_1x1':
      return convolution(name, from, to, { kernel: 1 })
    case 'nor_conv_3x3':
      return convolution(name, from, to)
  }
}

/**
 * Halves the image and doubles the channels: two convolutions, the first of stride 2, and beside them a shortcut of
 * mean pooling and a bare 1x1 convolution. Both inner nodes precede the output, so that a cut there is a bottleneck.
 */
function addReduction(draft: Draft, name: string, input: number): number {
  const { channels, height, width } = shapeOf(draft, input)
  const half = { height: height / 2, width: width / 2 }
  const main = addNode(draft, { channels: 2 * channels, ...half })
  const pooled = addNode(draft, { channels, ...half })
  const output = addNode(draft, { channels: 2 * channels, ...half })
  draft.edges.push(
    convolution(`${name}.main.0`, input, main, { stride: 2 }),
    { op: 'avg-pool', name: `${name}.shortcut.0`, from: input, to: pooled, kernel: 2 },
    convolution(`${name}.main.1`, main, output),
    convolution(`${name}.shortcut.1`, pooled, output, { kernel: 1, relu: false, batchNorm: false }),
  )
  return output
}

type Convolution = Extract<EdgeSpec, { op: 'conv' }>

/** ReLU, convolution 3x3 and batch norm, unless `changes` say otherwise. */
function convolution(name: string, from: number, to: number, changes: Partial<Convolution> = {}): Convolution {
  return { op: 'conv', name, from, to, kernel: 3, stride: 1, relu: true, batchNorm: true, ...changes }
}

function addNode(draft: Draft, shape: NodeSpec): number {
  return draft.nodes.push({ channels: shape.channels, height: shape.height, width: shape.width }) - 1
}

function shapeOf(draft: Draft, node: number): NodeSpec {
  return draft.nodes[node] as NodeSpec
}

function checkMacro({ channels, cells, classes, input: { channels: colours, height, width } }: MacroSpec): void {
  const counts = { channels, cells, classes, 'input channels': colours, 'image height': height, 'image width': width }
  for (const [name, value] of Object.entries(counts)) {
    if (Number.isInteger(value) && value > 0) continue
    throw new ConfigError(`${name} of a nats-tss network must be a positive integer, got ${value}.`)
  }
  if (height % 4 === 0 && width % 4 === 0) return
  const fitting = (side: number) => 4 * Math.ceil(side / 4)
  throw new ConfigError(
    `A nats-tss network halves the image twice, so height and width must be multiples of 4, got ${height}x${width}. ` +
      `The next size that fits is ${fitting(height)}x${fitting(width)}.`,
  )
}
