import type { EdgeSpec, NetworkSpec } from './network-spec.js'
import { groupChannels, nodeSize } from './network-spec.js'

/**
 * Floating point operations, counted the usual way: a multiply-add is two, and only convolutions and the linear layer
 * count (batch norm, ReLU, pooling and sums are below 5 %, and papers count them differently).
 */
export function forwardFlops(spec: NetworkSpec): number {
  return spec.edges.reduce((sum, edge) => sum + edgeFlops(spec, edge), headFlops(spec))
}

/**
 * FLOPs to train on one image once: forward, the gradient of the weights and the gradient of the inputs. The input
 * gradient of edges that read the image is not needed. With `frozenAt` (the node of a cut) the part at or below it
 * only runs forward, and not at all with `cachedFeatures`.
 */
export function trainingFlops(
  spec: NetworkSpec,
  options: { readonly frozenAt?: number; readonly cachedFeatures?: boolean } = {},
): number {
  const { frozenAt = 0, cachedFeatures = false } = options
  let sum = 3 * headFlops(spec)
  for (const edge of spec.edges) {
    const flops = edgeFlops(spec, edge)
    if (edge.to <= frozenAt) sum += cachedFeatures ? 0 : flops
    else sum += edge.from <= frozenAt ? 2 * flops : 3 * flops
  }
  return sum
}

/** FLOPs to run one image forward up to the cut at `node`. */
export function trunkFlops(spec: NetworkSpec, node: number): number {
  return spec.edges.filter((edge) => edge.to <= node).reduce((sum, edge) => sum + edgeFlops(spec, edge), 0)
}

function edgeFlops(spec: NetworkSpec, edge: EdgeSpec): number {
  if (edge.op !== 'conv') return 0
  const input = spec.nodes[edge.from]
  const output = spec.nodes[edge.to]
  if (input === undefined || output === undefined) throw new RangeError(`edge ${edge.name} leads out of the network`)
  return 2 * edge.kernel * edge.kernel * groupChannels(edge, input) * nodeSize(output)
}

function headFlops(spec: NetworkSpec): number {
  return 2 * spec.classes * (spec.nodes[spec.head.node]?.channels ?? 0)
}
