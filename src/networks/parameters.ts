import { groupChannels, type NetworkSpec, type NodeSpec } from './network-spec.js'

export type ParameterKind = 'conv' | 'bn-gamma' | 'bn-beta' | 'linear-weight' | 'linear-bias'

/** One parameter tensor: its position in the flat parameter vector, and its owner. */
export interface ParameterSpec {
  readonly name: string
  readonly kind: ParameterKind
  /** conv: `[out, in, kernel, kernel]`, of a depthwise one `[channels, 1, kernel, kernel]`; linear-weight: `[classes, channels]`; the others one dimension. */
  readonly shape: readonly number[]
  readonly offset: number
  readonly size: number
  /** Index into `spec.edges`, or null for the head. */
  readonly edge: number | null
}

/** One batch norm: `channels` running means and as many running variances in the flat statistics vectors. */
export interface BatchNormSpec {
  readonly name: string
  readonly channels: number
  readonly offset: number
  readonly edge: number | null
}

/**
 * The order of parameters, the same for every engine: for each edge in `spec.edges` that convolves its weight, then its
 * batch norm's gamma and beta; then the head's gamma, beta, linear weight and bias.
 */
export interface ParameterLayout {
  readonly parameters: readonly ParameterSpec[]
  readonly batchNorms: readonly BatchNormSpec[]
  /** Length of the flat parameter vector. */
  readonly parameterCount: number
  /** Length of the vectors of running means and of running variances, each. */
  readonly statisticsCount: number
}

export function parameterLayout(spec: NetworkSpec): ParameterLayout {
  const parameters: ParameterSpec[] = []
  const batchNorms: BatchNormSpec[] = []
  let offset = 0
  let statistics = 0
  const add = (name: string, kind: ParameterKind, shape: readonly number[], edge: number | null) => {
    const size = shape.reduce((product, length) => product * length, 1)
    parameters.push({ name, kind, shape, offset, size, edge })
    offset += size
  }
  const addBatchNorm = (name: string, channels: number, edge: number | null) => {
    add(`${name}.gamma`, 'bn-gamma', [channels], edge)
    add(`${name}.beta`, 'bn-beta', [channels], edge)
    batchNorms.push({ name, channels, offset: statistics, edge })
    statistics += channels
  }
  spec.edges.forEach((edge, index) => {
    if (edge.op !== 'conv') return
    const input = groupChannels(edge, nodeOf(spec, edge.from))
    const output = nodeOf(spec, edge.to).channels
    add(`${edge.name}.conv`, 'conv', [output, input, edge.kernel, edge.kernel], index)
    if (edge.batchNorm) addBatchNorm(`${edge.name}.bn`, output, index)
  })
  const features = nodeOf(spec, spec.head.node).channels
  addBatchNorm('lastact.bn', features, null)
  add('classifier.weight', 'linear-weight', [spec.classes, features], null)
  add('classifier.bias', 'linear-bias', [spec.classes], null)
  return { parameters, batchNorms, parameterCount: offset, statisticsCount: statistics }
}

/** Trainable parameters of the whole network. */
export function parameterCount(spec: NetworkSpec): number {
  return parameterLayout(spec).parameterCount
}

/** Number of channels of all convolution outputs, in the order of `spec.edges`, followed by the logits. */
export function outputCount(spec: NetworkSpec): number {
  return spec.edges.reduce((sum, edge) => sum + (edge.op === 'conv' ? nodeOf(spec, edge.to).channels : 0), spec.classes)
}

/** The number of leading (flat) parameters and statistics that a cut at `node` freezes; edges are sorted by `to`. */
export function frozenPrefix(spec: NetworkSpec, node: number): { parameters: number; statistics: number } {
  const layout = parameterLayout(spec)
  const frozen = (edge: number | null) => edge !== null && (spec.edges[edge]?.to ?? Infinity) <= node
  return {
    parameters: layout.parameters.filter((p) => frozen(p.edge)).reduce((sum, p) => sum + p.size, 0),
    statistics: layout.batchNorms.filter((b) => frozen(b.edge)).reduce((sum, b) => sum + b.channels, 0),
  }
}

function nodeOf(spec: NetworkSpec, node: number): NodeSpec {
  const found = spec.nodes[node]
  if (found === undefined) throw new RangeError(`node ${node} is not in the network of ${spec.nodes.length} nodes`)
  return found
}
