import { inputShape, type NetworkSpec } from '../../networks/network-spec.js'
import { outputCount } from '../../networks/parameters.js'
import { nodeAt } from '../checks.js'
import type { Batch, ProbeOptions, ProbeResult } from '../engine.js'
import { crossEntropy } from './classification.js'
import { channelsFirst, channelsLast } from './data-layout.js'
import { type PassHooks, runHead, runNodes } from './graph.js'
import type { Tensor2D, Tensor4D, TensorFlow, Variable } from './tensorflow.js'
import type { NetworkVariables } from './variables.js'

/** See `TrainableNetwork.probe`. To be called within a scope that frees its tensors. */
export function probe(
  tf: TensorFlow,
  spec: NetworkSpec,
  variables: NetworkVariables,
  { images, labels, count }: Batch,
  { objective, batchNorm, targets }: ProbeOptions,
): ProbeResult {
  const { channels, height, width } = inputShape(spec)
  const pixels = height * width
  // A copy, because a tensor of the JavaScript backend keeps the array it was created from.
  const image = tf.variable(
    tf.tensor4d(channelsLast(images, channels, pixels).slice(), [count, height, width, channels]),
  )
  const factors = targets.includes('outputs') ? outputFactors(tf, spec, count) : new Map<number | null, Variable>()
  const mode = batchNorm === 'batch' ? 'batch-only' : 'bypass'
  const rescaling = mode === 'bypass' && objective === 'logit-sum' ? new Rescaling(tf, spec) : null
  const hooks: PassHooks = {
    convolved: (edge, output) => multiply(tf, output, factors.get(edge)),
    summed: (node, value) => rescaling?.apply(node, value) ?? value,
  }
  try {
    const { grads } = tf.variableGrads(() => {
      const start = { node: 0, value: image as unknown as Tensor4D }
      const end = runNodes(tf, spec, variables, start, spec.head.node, mode, hooks)
      const logits = multiply(tf, runHead(tf, variables, end, mode), factors.get(null))
      return objective === 'cross-entropy' ? crossEntropy(tf, logits, labels) : tf.sum(logits)
    }, [...variables.parameters, image, ...factors.values()])
    const exponent = rescaling?.exponent ?? 0
    const valuesOf = (variable: Variable) =>
      grads[variable.name]?.dataSync<'float32'>() ?? new Float32Array(variable.size)
    const parameters = variables.flatten(variables.parameters.map(({ name }) => grads[name]))
    const outputs = joinOutputs(spec, count, [...factors.values()].map(valuesOf))
    if (exponent !== 0)
      correctForBias(spec, count, variables.head.bias.dataSync<'float32'>(), exponent, parameters, outputs)
    return {
      parameters: targets.includes('parameters') ? parameters : new Float32Array(0),
      inputs: targets.includes('inputs')
        ? channelsFirst(valuesOf(image), channels, pixels).slice()
        : new Float32Array(0),
      outputs,
      exponent,
    }
  } finally {
    image.dispose()
    for (const factor of factors.values()) factor.dispose()
  }
}

/**
 * Ones by which outputs are multiplied: the gradient of each is the sum of output times gradient over the pixels. By
 * edge, in the order of the edges; null for the logits.
 */
function outputFactors(tf: TensorFlow, spec: NetworkSpec, count: number): Map<number | null, Variable> {
  const factors = new Map<number | null, Variable>()
  for (const [index, edge] of spec.edges.entries()) {
    if (edge.op !== 'conv') continue
    factors.set(index, tf.variable(tf.ones([count, 1, 1, nodeAt(spec, edge.to).channels])))
  }
  factors.set(null, tf.variable(tf.ones([count, spec.classes])))
  return factors
}

function multiply<T extends Tensor4D | Tensor2D>(tf: TensorFlow, output: T, factor: Variable | undefined): T {
  return factor === undefined ? output : tf.mul(output, factor)
}

/** `[count, channels]` of each output, side by side. */
function joinOutputs(spec: NetworkSpec, count: number, parts: readonly Float32Array[]): Float32Array {
  const row = outputCount(spec)
  const joined = new Float32Array(parts.length === 0 ? 0 : count * row)
  let first = 0
  for (const part of parts) {
    const channels = part.length / count
    for (let image = 0; image < count; image++) {
      joined.set(part.subarray(image * channels, (image + 1) * channels), image * row + first)
    }
    first += channels
  }
  return joined
}

/** The classifier's bias is added to logits that have been scaled, but is not scaled itself. */
function correctForBias(
  spec: NetworkSpec,
  count: number,
  bias: Float32Array,
  exponent: number,
  parameters: Float32Array,
  outputs: Float32Array,
): void {
  const first = parameters.length - spec.classes
  parameters.subarray(first).forEach((gradient, k) => {
    parameters[first + k] = gradient * 2 ** -exponent
  })
  if (outputs.length === 0) return
  const row = outputCount(spec)
  for (let image = 0; image < count; image++) {
    bias.forEach((value, k) => {
      const at = (image + 1) * row - spec.classes + k
      outputs[at] = (outputs[at] as number) + value * (2 ** -exponent - 1)
    })
  }
}

/**
 * Without batch norm values grow by about a factor of ten per layer, beyond float32 in a deep network. So the value of
 * each node on every path is multiplied by a power of two. All later values are proportional to it, except for the
 * classifier's bias, and so are all gradients of a sum of logits.
 */
class Rescaling {
  readonly #tf: TensorFlow
  readonly #spec: NetworkSpec
  /** The power of two by which true values are larger. */
  exponent = 0

  constructor(tf: TensorFlow, spec: NetworkSpec) {
    this.#tf = tf
    this.#spec = spec
  }

  apply(node: number, value: Tensor4D): Tensor4D {
    if (this.#spec.edges.some(({ from, to }) => from < node && to > node)) return value
    const largest = this.#tf.max(this.#tf.abs(value)).dataSync<'float32'>()[0] ?? 0
    if (!(largest > 0 && largest < Infinity)) return value
    const exponent = Math.min(100, Math.max(-100, Math.floor(Math.log2(largest))))
    this.exponent += exponent
    return this.#tf.mul(value, 2 ** -exponent)
  }
}
