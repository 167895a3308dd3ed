import type { EdgeSpec, NetworkSpec } from '../../networks/network-spec.js'
import { inputShape } from '../../networks/network-spec.js'
import type { ExportedOutputs } from '../export-format.js'
import { liveGraph } from '../live-graph.js'
import type { PortableNetwork } from '../portable-network.js'
import { type BatchNormTensors, batchNormEpsilon, type NetworkTensors } from '../tensors.js'
import { convolve } from './convolve.js'
import { emptyMaps, type FeatureMaps, type Window } from './feature-maps.js'
import { add, batchNorm, linear, relu, scaleChannels, softmax } from './pointwise.js'
import { averagePool, globalAveragePool } from './pool.js'

/** Predicts from bytes, by the graph of a network: for files that hold weights and no operations of their own. */
export function evaluateNetwork(
  { normalisation: { mean, std }, spec }: Pick<PortableNetwork, 'normalisation' | 'spec'>,
  tensors: NetworkTensors,
  pixels: Uint8Array,
  count: number,
): ExportedOutputs {
  const image: FeatureMaps = { ...inputShape(spec), count, values: Float32Array.from(pixels) }
  const scale = (c: number): number => 1 / (255 * (std[c] ?? 1))
  const nodes = new Map([[0, scaleChannels(image, scale, (c) => -(mean[c] ?? 0) / (std[c] ?? 1))]])
  for (const { incoming, index, shape } of liveGraph(spec)) {
    const [first, ...others] = incoming.map(({ edge, index }) => applyEdge(spec, edge, index, nodes, tensors))
    const zero = (): FeatureMaps => emptyMaps(count, shape.channels, shape.height, shape.width)
    nodes.set(index, first === undefined ? zero() : add([first, ...others]))
  }
  const features = globalAveragePool(relu(normalise(valueAt(nodes, spec.head.node), tensors.batchNorm(null))))
  const { bias, weight } = tensors.classifier
  const logits = linear(features.values, weight.values, bias.values)
  return { logits, probabilities: softmax(logits, spec.classes) }
}

function applyEdge(
  spec: NetworkSpec,
  edge: EdgeSpec,
  index: number,
  nodes: ReadonlyMap<number, FeatureMaps>,
  tensors: NetworkTensors,
): FeatureMaps {
  const input = valueAt(nodes, edge.from)
  if (edge.op === 'skip') return input
  if (edge.op === 'avg-pool') {
    const window = edge.kernel === 2 ? windowOf(2, 2, 1, 0) : windowOf(3, 1, 1, 1)
    return averagePool(input, { ...window, countsPadding: false })
  }
  const { batchNorm: hasBatchNorm, depthwise, dilation = 1, kernel, relu: hasRelu, stride } = edge
  const outputs = spec.nodes[edge.to]?.channels ?? 0
  const groups = depthwise ? outputs : 1
  const { values } = tensors.kernel(index)
  const window = windowOf(kernel, stride, dilation, dilation * Math.floor(kernel / 2))
  const output = convolve(hasRelu ? relu(input) : input, { ...window, outputs, groups, values })
  return hasBatchNorm ? normalise(output, tensors.batchNorm(index)) : output
}

function normalise(input: FeatureMaps, { beta, gamma, mean, variance }: BatchNormTensors): FeatureMaps {
  return batchNorm(input, {
    gamma: gamma.values,
    beta: beta.values,
    mean: mean.values,
    variance: variance.values,
    epsilon: batchNormEpsilon,
  })
}

function windowOf(kernel: number, stride: number, dilation: number, padding: number): Window {
  return {
    kernel: [kernel, kernel],
    strides: [stride, stride],
    dilations: [dilation, dilation],
    pads: { top: padding, left: padding, bottom: padding, right: padding },
  }
}

function valueAt(nodes: ReadonlyMap<number, FeatureMaps>, node: number): FeatureMaps {
  const value = nodes.get(node)
  if (value === undefined) throw new RangeError(`node ${node} is read before it is written`)
  return value
}
