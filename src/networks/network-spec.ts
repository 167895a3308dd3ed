/**
 * An engine-independent description of a network: a graph of feature maps connected by operations.
 *
 * The value of a node is the sum of its incoming edges (zero if it has none); node 0 is the input image. Nodes are in
 * topological order. After `head.node`, the last node, follow batch norm, ReLU, global average pooling and one linear
 * layer.
 */
export interface NetworkSpec {
  readonly classes: number
  readonly nodes: readonly NodeSpec[]
  /** Sorted by `to`, then in the order of the search space. The parameters follow this order. */
  readonly edges: readonly EdgeSpec[]
  readonly head: { readonly node: number }
  /** The cuts at which the network can be frozen, from the input towards the head. */
  readonly cuts: readonly CutPoint[]
}

/** The shape of one image's feature map. */
export interface NodeSpec {
  readonly channels: number
  readonly height: number
  readonly width: number
}

/** One operation from node `from` to node `to`. `name` is unique and prefixes the parameters' names. */
export type EdgeSpec = ConvEdge | SkipEdge | AveragePoolEdge

/**
 * ReLU (if `relu`), then a convolution without bias, padded by `dilation * floor(kernel / 2)` zeros, then batch norm (if
 * `batchNorm`). With stride 2 the output is ceil(size / 2) wide. Only depthwise ones have kernel 5 or dilation 2.
 */
export interface ConvEdge {
  readonly op: 'conv'
  readonly name: string
  readonly from: number
  readonly to: number
  readonly kernel: 1 | 3 | 5
  readonly stride: 1 | 2
  /** Distance of the kernel's taps in pixels; default 1. */
  readonly dilation?: 1 | 2
  /** Each channel is convolved with its own kernel; both nodes have the same number of channels. */
  readonly depthwise?: boolean
  readonly relu: boolean
  readonly batchNorm: boolean
}

/** The identity. */
export interface SkipEdge {
  readonly op: 'skip'
  readonly name: string
  readonly from: number
  readonly to: number
}

/** Kernel 3: stride 1, padded by 1, padding excluded from the mean. Kernel 2: stride 2, no padding. */
export interface AveragePoolEdge {
  readonly op: 'avg-pool'
  readonly name: string
  readonly from: number
  readonly to: number
  readonly kernel: 2 | 3
}

/**
 * A node on every path from input to head. Freezing at a cut fixes every parameter at or below `node` (edges with `to
 * <= node`); edges above it, and the head, stay trainable.
 */
export interface CutPoint {
  /** `cells.K`: everything from cell K on stays trainable (the paper's wording); `head`: only the head does. */
  readonly name: string
  readonly node: number
}

/** Number of input channels per output channel of a convolution. */
export function groupChannels(edge: ConvEdge, input: NodeSpec): number {
  return edge.depthwise ? 1 : input.channels
}

/** The input shape, `[channels, height, width]` of node 0. */
export function inputShape(spec: NetworkSpec): NodeSpec {
  return spec.nodes[0] as NodeSpec
}

/** Values in one image's feature map. */
export function nodeSize(node: NodeSpec): number {
  return node.channels * node.height * node.width
}
