import type { AveragePoolEdge, ConvEdge, NodeSpec } from '../../networks/network-spec.js'
import { type LiveEdge, type LiveNode, liveGraph } from '../live-graph.js'
import type { PortableNetwork } from '../portable-network.js'
import { batchNormEpsilon, type NetworkTensors, networkTensors } from '../tensors.js'
import { TensorProto_DataType } from './generated/onnx-ml_pb.js'
import { GraphBuilder } from './graph-builder.js'

/** The names of the graph's input and outputs. */
export const graphInput = 'images'
export const graphOutputs = ['logits', 'probabilities'] as const

/** The operations from bytes to probabilities. */
export function buildGraph(network: PortableNetwork): GraphBuilder {
  const { spec, weights } = network
  const writer = new GraphWriter(networkTensors(spec, weights))
  writer.normalise(network.normalisation)
  for (const node of liveGraph(spec)) writer.node(node)
  writer.head(spec.head.node)
  return writer.graph
}

class GraphWriter {
  readonly graph = new GraphBuilder()
  readonly #tensors: NetworkTensors
  /** The value of each node of the network by name. */
  readonly #nodes = new Map<number, string>()
  /** ReLU of a node, which several convolutions may read. */
  readonly #rectified = new Map<number, string>()

  constructor(tensors: NetworkTensors) {
    this.#tensors = tensors
  }

  /** Node 0: `(byte / 255 - mean) / std`. */
  normalise({ mean, std }: PortableNetwork['normalisation']): void {
    const constant = (name: string, values: readonly number[]): string =>
      this.graph.floats(name, { shape: [1, values.length, 1, 1], values: Float32Array.from(values) })
    const floats = this.graph.add('Cast', [graphInput], 'pixels', { to: TensorProto_DataType.FLOAT })
    const scale = this.graph.floats('normalisation.scale', { shape: [], values: Float32Array.of(255) })
    const scaled = this.graph.add('Div', [floats, scale], 'scaled')
    const centred = this.graph.add('Sub', [scaled, constant('normalisation.mean', mean)], 'centred')
    this.#nodes.set(0, this.graph.add('Div', [centred, constant('normalisation.std', std)], 'normalised'))
  }

  /** The sum of what arrives; zero if nothing does. */
  node({ incoming, index, shape }: LiveNode): void {
    const values = incoming.map((edge) => this.#edge(edge))
    const [only] = values
    if (only === undefined) this.#nodes.set(index, this.#zeros(`node${index}`, shape))
    else if (values.length === 1) this.#nodes.set(index, only)
    else this.#nodes.set(index, this.graph.add('Sum', values, `node${index}`))
  }

  head(node: number): void {
    const rectified = this.graph.add('Relu', [this.#batchNorm('lastact.bn', this.#valueOf(node), null)], 'lastact.relu')
    const pooled = this.graph.add('GlobalAveragePool', [rectified], 'pooled')
    const features = this.graph.add('Flatten', [pooled], 'features', { axis: 1 })
    const { bias, weight } = this.#tensors.classifier
    const inputs = [
      features,
      this.graph.floats('classifier.weight', weight),
      this.graph.floats('classifier.bias', bias),
    ]
    const [logits, probabilities] = graphOutputs
    this.graph.add('Gemm', inputs, logits, { transB: 1 })
    this.graph.add('Softmax', [logits], probabilities, { axis: 1 })
  }

  #edge({ edge, index }: LiveEdge): string {
    if (edge.op === 'skip') return this.#valueOf(edge.from)
    return edge.op === 'conv' ? this.#convolution(edge, index) : this.#averagePool(edge)
  }

  #convolution(edge: ConvEdge, index: number): string {
    const { batchNorm, depthwise = false, dilation = 1, from, kernel, name, relu, stride } = edge
    const tensor = this.#tensors.kernel(index)
    const padding = dilation * Math.floor(kernel / 2)
    const inputs = [relu ? this.#rectify(from) : this.#valueOf(from), this.graph.floats(`${name}.conv.weight`, tensor)]
    const output = this.graph.add('Conv', inputs, `${name}.conv`, {
      kernel_shape: [kernel, kernel],
      strides: [stride, stride],
      dilations: [dilation, dilation],
      // On both sides alike, also with stride 2, where `auto_pad` would differ.
      pads: [padding, padding, padding, padding],
      group: depthwise ? (tensor.shape[0] as number) : 1,
    })
    return batchNorm ? this.#batchNorm(`${name}.bn`, output, index) : output
  }

  #averagePool({ from, kernel, name }: AveragePoolEdge): string {
    return this.graph.add('AveragePool', [this.#valueOf(from)], name, {
      kernel_shape: [kernel, kernel],
      strides: kernel === 2 ? [2, 2] : [1, 1],
      pads: kernel === 2 ? [0, 0, 0, 0] : [1, 1, 1, 1],
      // The mean is that of the pixels inside the image.
      count_include_pad: 0,
    })
  }

  #rectify(node: number): string {
    const name = this.#rectified.get(node) ?? this.graph.add('Relu', [this.#valueOf(node)], `node${node}.relu`)
    this.#rectified.set(node, name)
    return name
  }

  #batchNorm(name: string, input: string, edge: number | null): string {
    const { beta, gamma, mean, variance } = this.#tensors.batchNorm(edge)
    const inputs = [
      input,
      this.graph.floats(`${name}.weight`, gamma),
      this.graph.floats(`${name}.bias`, beta),
      this.graph.floats(`${name}.running_mean`, mean),
      this.graph.floats(`${name}.running_var`, variance),
    ]
    return this.graph.add('BatchNormalization', inputs, name, { epsilon: { float: batchNormEpsilon } })
  }

  /** Zeros for as many images as there are: a convolution with batch norm of them is not zero. */
  #zeros(name: string, { channels, height, width }: NodeSpec): string {
    const images = this.graph.add('Shape', [graphInput], `${name}.images`, { start: 0, end: 1 })
    const rest = this.graph.integers(`${name}.rest`, [channels, height, width])
    const shape = this.graph.add('Concat', [images, rest], `${name}.shape`, { axis: 0 })
    return this.graph.add('ConstantOfShape', [shape], name)
  }

  #valueOf(node: number): string {
    const name = this.#nodes.get(node)
    if (name === undefined) throw new RangeError(`node ${node} is read before it is written`)
    return name
  }
}
