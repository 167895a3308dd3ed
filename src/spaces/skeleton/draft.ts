import type { ConvEdge, EdgeSpec, NodeSpec } from '../../networks/network-spec.js'

/** A network under construction. Nodes must be added in topological order, edges sorted by the node they lead to. */
export interface Draft {
  readonly nodes: NodeSpec[]
  readonly edges: EdgeSpec[]
}

type Unplaced<Edge> = Edge extends unknown ? Omit<Edge, 'name' | 'from' | 'to'> : never

/** An edge's operation without its end nodes. */
export type Step = Unplaced<EdgeSpec>

/** ReLU, 3x3 convolution and batch norm, with `changes`. */
export function convolution(changes: Partial<Unplaced<ConvEdge>> = {}): Unplaced<ConvEdge> {
  return { op: 'conv', kernel: 3, stride: 1, relu: true, batchNorm: true, ...changes }
}

/** Returns the number of the new node. */
export function addNode(draft: Draft, { channels, height, width }: NodeSpec): number {
  return draft.nodes.push({ channels, height, width }) - 1
}

export function addEdge(draft: Draft, name: string, from: number, to: number, step: Step): void {
  const { op, ...details } = step
  draft.edges.push({ op, name, from, to, ...details } as EdgeSpec)
}

export function shapeOf(draft: Draft, node: number): NodeSpec {
  return draft.nodes[node] as NodeSpec
}
