import { type AveragePoolEdge, type ConvEdge, inputShape, type NodeSpec } from '../../networks/network-spec.js'
import { type LiveEdge, type LiveNode, liveGraph } from '../live-graph.js'
import type { PortableNetwork } from '../portable-network.js'
import { batchNormEpsilon, type NetworkTensors, networkTensors, type WeightTensor } from '../tensors.js'
import { LayerWriter } from './layer-writer.js'
import { modelInput, modelOutputs } from './layers-model.js'

/** The layers from pixels 0..255 to probabilities. TensorFlow.js has channels last. */
export function buildLayers(network: PortableNetwork): LayerWriter {
  const { normalisation, spec, weights } = network
  const image = inputShape(spec)
  const writer = new NetworkWriter(networkTensors(spec, weights), image.channels)
  writer.input(image, normalisation)
  for (const node of liveGraph(spec)) writer.node(node)
  writer.head(spec.head.node, spec.classes)
  return writer.layers
}

class NetworkWriter {
  readonly layers = new LayerWriter()
  readonly #tensors: NetworkTensors
  /** Channels of the image. */
  readonly #colours: number
  /** The layer that gives each node of the network. */
  readonly #nodes = new Map<number, string>()
  readonly #rectified = new Map<number, string>()

  constructor(tensors: NetworkTensors, colours: number) {
    this.#tensors = tensors
    this.#colours = colours
  }

  /** Node 0. TensorFlow.js has no layer that normalises, but a batch norm without epsilon does the same. */
  input({ channels, height, width }: NodeSpec, { mean, std }: PortableNetwork['normalisation']): void {
    const shape = [null, height, width, channels]
    const input = this.layers.add('InputLayer', modelInput, [], { batch_input_shape: shape, dtype: 'float32' })
    const each = (value: (channel: number) => number): WeightTensor => ({
      shape: [channels],
      values: Float32Array.from({ length: channels }, (_, channel) => value(channel)),
    })
    const weights = {
      gamma: each(() => 1),
      beta: each(() => 0),
      moving_mean: each((channel) => 255 * (mean[channel] ?? 0)),
      moving_variance: each((channel) => (255 * (std[channel] ?? 1)) ** 2),
    }
    this.#nodes.set(0, this.layers.add('BatchNormalization', 'normalised', [input], { axis: -1, epsilon: 0 }, weights))
  }

  node({ incoming, index, shape }: LiveNode): void {
    const values = incoming.map((edge) => this.#edge(edge))
    const [only] = values
    if (only === undefined) this.#nodes.set(index, this.#zeros(`node${index}`, shape))
    else if (values.length === 1) this.#nodes.set(index, only)
    else this.#nodes.set(index, this.layers.add('Add', `node${index}`, values))
  }

  head(node: number, classes: number): void {
    const normalised = this.#batchNorm('lastact.bn', this.#layerOf(node), null)
    const rectified = this.layers.add('Activation', 'lastact.relu', [normalised], { activation: 'relu' })
    const pooled = this.layers.add('GlobalAveragePooling2D', 'pooled', [rectified], channelsLast)
    const { bias, weight } = this.#tensors.classifier
    const config = { units: classes, activation: 'linear', use_bias: true }
    const [logits, probabilities] = modelOutputs
    this.layers.add('Dense', logits, [pooled], config, { kernel: transposed(weight), bias })
    this.layers.add('Activation', probabilities, [logits], { activation: 'softmax' })
  }

  #edge({ edge, index }: LiveEdge): string {
    if (edge.op === 'skip') return this.#layerOf(edge.from)
    return edge.op === 'conv' ? this.#convolution(edge, index) : this.#averagePool(edge)
  }

  #convolution(edge: ConvEdge, index: number): string {
    const { batchNorm, depthwise = false, dilation = 1, from, name, relu, stride } = edge
    const input = relu ? this.#rectify(from) : this.#layerOf(from)
    // DepthwiseConv2D of TensorFlow.js forgets the dilation in the shape of its output, so a later Add fails.
    const kernel = spread(this.#tensors.kernel(index), dilation)
    const size = kernel.shape[2] as number
    const isPadded = stride === 2 && size > 1
    const side = Math.floor(size / 2)
    const sides = [side, side] as const
    // Its padding `same` is not symmetric with stride 2.
    const padded = isPadded
      ? this.layers.add('ZeroPadding2D', `${name}.padding`, [input], { padding: [sides, sides], ...channelsLast })
      : input
    const config = {
      kernel_size: [size, size],
      strides: [stride, stride],
      padding: isPadded ? 'valid' : 'same',
      dilation_rate: [1, 1],
      activation: 'linear',
      use_bias: false,
      ...channelsLast,
    }
    const output = depthwise
      ? this.layers.add(
          'DepthwiseConv2D',
          `${name}.conv`,
          [padded],
          { ...config, depth_multiplier: 1 },
          { depthwise_kernel: channelsLastKernel(kernel, true) },
        )
      : this.layers.add(
          'Conv2D',
          `${name}.conv`,
          [padded],
          { ...config, filters: kernel.shape[0] },
          { kernel: channelsLastKernel(kernel, false) },
        )
    return batchNorm ? this.#batchNorm(`${name}.bn`, output, index) : output
  }

  #averagePool({ from, kernel, name }: AveragePoolEdge): string {
    return this.layers.add('AveragePooling2D', name, [this.#layerOf(from)], {
      pool_size: [kernel, kernel],
      strides: kernel === 2 ? [2, 2] : [1, 1],
      // The mean is that of the pixels inside the image.
      padding: kernel === 2 ? 'valid' : 'same',
      ...channelsLast,
    })
  }

  #rectify(node: number): string {
    const name =
      this.#rectified.get(node) ??
      this.layers.add('Activation', `node${node}.relu`, [this.#layerOf(node)], { activation: 'relu' })
    this.#rectified.set(node, name)
    return name
  }

  #batchNorm(name: string, input: string, edge: number | null): string {
    const { beta, gamma, mean, variance } = this.#tensors.batchNorm(edge)
    const weights = { gamma, beta, moving_mean: mean, moving_variance: variance }
    return this.layers.add('BatchNormalization', name, [input], { axis: -1, epsilon: batchNormEpsilon }, weights)
  }

  /** There are no constants: zeros are made from the image, with weights of zero. */
  #zeros(name: string, { channels, height, width }: NodeSpec): string {
    const mean = this.layers.add('GlobalAveragePooling2D', `${name}.mean`, [this.#layerOf(0)], channelsLast)
    const inputs = this.#colours
    const kernel = { shape: [inputs, channels], values: new Float32Array(inputs * channels) }
    const config = { units: channels, activation: 'linear', use_bias: false }
    const zero = this.layers.add('Dense', `${name}.zero`, [mean], config, { kernel })
    const pixel = this.layers.add('Reshape', `${name}.pixel`, [zero], { target_shape: [1, 1, channels] })
    const size = { size: [height, width], interpolation: 'nearest', ...channelsLast }
    return this.layers.add('UpSampling2D', name, [pixel], size)
  }

  #layerOf(node: number): string {
    const name = this.#nodes.get(node)
    if (name === undefined) throw new RangeError(`node ${node} is read before it is written`)
    return name
  }
}

const channelsLast = { data_format: 'channels_last' }

/** A kernel `[out, in, size, size]` with zeros in its gaps, which does the same without dilation. */
function spread({ shape, values }: WeightTensor, dilation: number): WeightTensor {
  const [outputs = 0, inputs = 0, size = 0] = shape
  const wide = dilation * (size - 1) + 1
  const result = new Float32Array(outputs * inputs * wide * wide)
  for (let plane = 0; plane < outputs * inputs; plane++) {
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        const value = values[(plane * size + y) * size + x] as number
        result[(plane * wide + dilation * y) * wide + dilation * x] = value
      }
    }
  }
  return { shape: [outputs, inputs, wide, wide], values: result }
}

/** `[out, in, size, size]` as `[size, size, in, out]`; a depthwise `[channels, 1, ...]` as `[size, size, channels, 1]`. */
function channelsLastKernel({ shape, values }: WeightTensor, depthwise: boolean): WeightTensor {
  const [outputs = 0, inputs = 0, size = 0] = shape
  const pixels = size * size
  const last = new Float32Array(values.length)
  for (let o = 0; o < outputs; o++) {
    for (let i = 0; i < inputs; i++) {
      for (let p = 0; p < pixels; p++) {
        last[(p * inputs + i) * outputs + o] = values[(o * inputs + i) * pixels + p] as number
      }
    }
  }
  return { shape: depthwise ? [size, size, outputs, 1] : [size, size, inputs, outputs], values: last }
}

/** `[out, in]` as `[in, out]`. */
function transposed({ shape, values }: WeightTensor): WeightTensor {
  const [outputs = 0, inputs = 0] = shape
  const turned = Float32Array.from({ length: values.length }, (_, at) => {
    return values[(at % outputs) * inputs + Math.floor(at / outputs)] as number
  })
  return { shape: [inputs, outputs], values: turned }
}
