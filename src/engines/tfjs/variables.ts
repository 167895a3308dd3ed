import type { NetworkSpec } from '../../networks/network-spec.js'
import { type ParameterSpec, parameterLayout } from '../../networks/parameters.js'
import type { NetworkWeights } from '../../networks/weights.js'
import type { BatchNormVariables } from './batch-norm.js'
import { filterFromTensorFlow, filterToTensorFlow } from './data-layout.js'
import type { Tensor, TensorFlow, Variable } from './tensorflow.js'

/** The variables of one convolution edge. */
export interface ConvolutionVariables {
  readonly filter: Variable
  readonly batchNorm: BatchNormVariables | null
}

/**
 * The parameters and running statistics of a network as `tf.Variable`s: one for each entry of `parameterLayout`, in
 * TensorFlow's layout. Lives until `dispose`.
 */
export class NetworkVariables {
  /** In the order of `parameterLayout(spec).parameters`. */
  readonly parameters: readonly Variable[]
  /** In the order of `parameterLayout(spec).batchNorms`. */
  readonly batchNorms: readonly BatchNormVariables[]
  readonly head: { readonly batchNorm: BatchNormVariables; readonly weight: Variable; readonly bias: Variable }
  readonly #tf: TensorFlow
  readonly #layout
  readonly #convolutions = new Map<number, ConvolutionVariables>()

  constructor(tf: TensorFlow, spec: NetworkSpec, weights: NetworkWeights) {
    this.#tf = tf
    this.#layout = parameterLayout(spec)
    const parameters = this.#layout.parameters.map((parameter) =>
      tf.tidy(() => tf.variable(this.#parameterTensor(parameter, weights.parameters))),
    )
    const find = (edge: number | null, kind: ParameterSpec['kind']): Variable => {
      const found = parameters[this.#layout.parameters.findIndex((p) => p.edge === edge && p.kind === kind)]
      if (found === undefined) throw new RangeError(`no ${kind} among the parameters of edge ${edge}`)
      return found
    }
    this.parameters = parameters
    this.batchNorms = this.#layout.batchNorms.map(({ edge, offset, channels }) => ({
      gamma: find(edge, 'bn-gamma'),
      beta: find(edge, 'bn-beta'),
      mean: tf.tidy(() => tf.variable(tf.tensor1d(weights.runningMean.slice(offset, offset + channels)), false)),
      variance: tf.tidy(() =>
        tf.variable(tf.tensor1d(weights.runningVariance.slice(offset, offset + channels)), false),
      ),
    }))
    const batchNormOf = (edge: number | null) =>
      this.batchNorms[this.#layout.batchNorms.findIndex((batchNorm) => batchNorm.edge === edge)] ?? null
    for (const [edge, { op }] of spec.edges.entries()) {
      if (op === 'conv') this.#convolutions.set(edge, { filter: find(edge, 'conv'), batchNorm: batchNormOf(edge) })
    }
    const batchNorm = batchNormOf(null)
    if (batchNorm === null) throw new RangeError('the head of the network has no batch norm')
    this.head = { batchNorm, weight: find(null, 'linear-weight'), bias: find(null, 'linear-bias') }
  }

  /** The variables of the convolution at `spec.edges[edge]`. */
  convolution(edge: number): ConvolutionVariables {
    const found = this.#convolutions.get(edge)
    if (found === undefined) throw new RangeError(`edge ${edge} is not a convolution`)
    return found
  }

  /** The parameters above the first `frozen` values of the flat parameter vector. */
  trainable(frozen: number): readonly Variable[] {
    return this.parameters.filter((_, index) => (this.#layout.parameters[index]?.offset ?? 0) >= frozen)
  }

  /** Copies the values out, in the interface's layout. */
  read(): NetworkWeights {
    const statistics = (of: 'mean' | 'variance') => {
      const flat = new Float32Array(this.#layout.statisticsCount)
      this.#layout.batchNorms.forEach(({ offset }, index) => {
        const variable = this.batchNorms[index]?.[of]
        if (variable !== undefined) flat.set(variable.dataSync(), offset)
      })
      return flat
    }
    return {
      parameters: this.flatten(this.parameters),
      runningMean: statistics('mean'),
      runningVariance: statistics('variance'),
    }
  }

  /** Copies values in. */
  assign(weights: NetworkWeights): void {
    this.#tf.tidy(() => {
      this.#layout.parameters.forEach((parameter, index) => {
        this.parameters[index]?.assign(this.#parameterTensor(parameter, weights.parameters))
      })
      this.#layout.batchNorms.forEach(({ offset, channels }, index) => {
        const part = (values: Float32Array) => this.#tf.tensor1d(values.slice(offset, offset + channels))
        this.batchNorms[index]?.mean.assign(part(weights.runningMean))
        this.batchNorms[index]?.variance.assign(part(weights.runningVariance))
      })
    })
  }

  /** One flat vector in the interface's layout of tensors shaped as the parameters; zeros where one is missing. */
  flatten(tensors: readonly (Tensor | undefined)[]): Float32Array {
    const flat = new Float32Array(this.#layout.parameterCount)
    this.#layout.parameters.forEach(({ kind, shape, offset }, index) => {
      const values = tensors[index]?.dataSync<'float32'>()
      if (values === undefined) return
      const [outputs = 1, inputs = 1] = shape
      flat.set(kind === 'conv' ? filterFromTensorFlow(values, outputs, inputs) : values, offset)
    })
    return flat
  }

  /** The inverse of `flatten`. */
  unflatten(flat: Float32Array): readonly Tensor[] {
    return this.#layout.parameters.map((parameter) => this.#parameterTensor(parameter, flat))
  }

  bytes(): number {
    return Float32Array.BYTES_PER_ELEMENT * (this.#layout.parameterCount + 2 * this.#layout.statisticsCount)
  }

  dispose(): void {
    for (const parameter of this.parameters) parameter.dispose()
    for (const { mean, variance } of this.batchNorms) {
      mean.dispose()
      variance.dispose()
    }
  }

  #parameterTensor({ kind, shape, offset, size }: ParameterSpec, flat: Float32Array): Tensor {
    // A copy, because a tensor of the JavaScript backend keeps the array it was created from.
    const values = flat.slice(offset, offset + size)
    if (kind !== 'conv') return this.#tf.tensor(values, [...shape])
    const [outputs = 1, inputs = 1, height = 1, width = 1] = shape
    return this.#tf.tensor4d(filterToTensorFlow(values, outputs, inputs), [height, width, inputs, outputs])
  }
}
