import { liveNodes } from '../networks/live-nodes.js'
import type { EdgeSpec, NetworkSpec, NodeSpec } from '../networks/network-spec.js'

/** A node on which the logits depend, with the edges that lead to it. */
export interface LiveNode {
  readonly index: number
  readonly shape: NodeSpec
  /** None: the node is zero. */
  readonly incoming: readonly LiveEdge[]
}

export interface LiveEdge {
  /** Index into `spec.edges`. */
  readonly index: number
  readonly edge: EdgeSpec
}

/** The part of a network that its logits depend on, but for the image: the nodes in topological order. */
export function liveGraph(spec: NetworkSpec): readonly LiveNode[] {
  const live = liveNodes(spec)
  return spec.nodes.flatMap((shape, index): LiveNode[] => {
    if (index === 0 || !live.has(index)) return []
    const incoming = spec.edges.flatMap((edge, at) => (edge.to === index ? [{ index: at, edge }] : []))
    return [{ index, shape, incoming }]
  })
}
