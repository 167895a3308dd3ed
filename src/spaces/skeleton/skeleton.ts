import type { CutPoint, NetworkSpec, NodeSpec } from '../../networks/network-spec.js'
import { addEdge, addNode, convolution, type Draft, shapeOf } from './draft.js'

/** A layer after the stem: a cell, which keeps the image size, or a reduction, which halves it. */
export interface Layer {
  readonly kind: 'cell' | 'reduction'
  /** Channels of its output. */
  readonly channels: number
}

/** Adds the nodes and edges of a cell that reads the node `input`. Returns its output, the last node it added. */
export type AddCell = (draft: Draft, name: string, input: number, channels: number) => number

/**
 * The layers of NAS-Bench-201: three stages of `cells` cells, with a reduction before the second and the third that
 * doubles the channels.
 */
export function threeStages(channels: number, cells: number): readonly Layer[] {
  return [1, 2, 4].flatMap((factor, stage): readonly Layer[] => [
    ...(stage === 0 ? [] : [{ kind: 'reduction' as const, channels: factor * channels }]),
    ...Array.from({ length: cells }, () => ({ kind: 'cell' as const, channels: factor * channels })),
  ])
}

/**
 * A stem (3x3 convolution and batch norm) of the given width, followed by the layers. Cells and reductions are numbered
 * together, as in the FEAR paper: with five cells a stage, `cells.5` and `cells.11` are the reductions.
 *
 * Cuts: `cells.K` for K >= 1, `last-stage` (an alias of the first cell after the last reduction) and `head`.
 */
export function buildNetwork(
  { input, classes }: { readonly input: NodeSpec; readonly classes: number },
  stemChannels: number,
  layers: readonly Layer[],
  addCell: AddCell,
): NetworkSpec {
  const draft: Draft = { nodes: [input], edges: [] }
  let node = addStem(draft, stemChannels)
  const cuts: CutPoint[] = []
  const lastStage = layers.findLastIndex(({ kind }) => kind === 'reduction') + 1
  layers.forEach(({ kind, channels }, number) => {
    const name = `cells.${number}`
    if (number > 0) cuts.push({ name, node })
    if (number === lastStage) cuts.push({ name: 'last-stage', node })
    node = (kind === 'cell' ? addCell : addReduction)(draft, name, node, channels)
  })
  cuts.push({ name: 'head', node })
  return { classes, nodes: draft.nodes, edges: draft.edges, head: { node }, cuts }
}

function addStem(draft: Draft, channels: number): number {
  const to = addNode(draft, { ...shapeOf(draft, 0), channels })
  addEdge(draft, 'stem', 0, to, convolution({ relu: false }))
  return to
}

/**
 * Halves the image: two convolutions, the first with stride 2, and a shortcut of average pooling and a plain 1x1
 * convolution. Both inner nodes precede the output, so that a cut there is a bottleneck.
 */
function addReduction(draft: Draft, name: string, input: number, channels: number): number {
  const { channels: before, height, width } = shapeOf(draft, input)
  const half = { height: height / 2, width: width / 2 }
  const main = addNode(draft, { channels, ...half })
  const pooled = addNode(draft, { channels: before, ...half })
  const output = addNode(draft, { channels, ...half })
  addEdge(draft, `${name}.main.0`, input, main, convolution({ stride: 2 }))
  addEdge(draft, `${name}.shortcut.0`, input, pooled, { op: 'avg-pool', kernel: 2 })
  addEdge(draft, `${name}.main.1`, main, output, convolution())
  addEdge(draft, `${name}.shortcut.1`, pooled, output, convolution({ kernel: 1, relu: false, batchNorm: false }))
  return output
}
