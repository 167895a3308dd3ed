import type { NetworkSpec } from '../networks/network-spec.js'
import { type ParameterKind, parameterLayout } from '../networks/parameters.js'
import type { NetworkWeights } from '../networks/weights.js'

/** An array of weights. */
export interface WeightTensor {
  readonly shape: readonly number[]
  readonly values: Float32Array
}

export interface BatchNormTensors {
  readonly gamma: WeightTensor
  readonly beta: WeightTensor
  readonly mean: WeightTensor
  readonly variance: WeightTensor
}

/** The weights of a network by where they are used. Views, not copies. */
export interface NetworkTensors {
  /** `[out, in, kernel, kernel]`, of a depthwise one `[channels, 1, kernel, kernel]`. */
  kernel(edge: number): WeightTensor
  /** Of an edge; null for that of the head. */
  batchNorm(edge: number | null): BatchNormTensors
  /** The linear layer: `[classes, channels]` and `[classes]`. */
  readonly classifier: { readonly weight: WeightTensor; readonly bias: WeightTensor }
}

/** Added to the variance in every batch norm. */
export const batchNormEpsilon = 1e-5

export function networkTensors(spec: NetworkSpec, weights: NetworkWeights): NetworkTensors {
  const { batchNorms, parameters } = parameterLayout(spec)
  const parameter = (kind: ParameterKind, edge: number | null): WeightTensor => {
    const found = parameters.find((candidate) => candidate.kind === kind && candidate.edge === edge)
    if (found === undefined) throw new RangeError(`edge ${edge} has no ${kind}`)
    const { offset, shape, size } = found
    return { shape, values: weights.parameters.subarray(offset, offset + size) }
  }
  return {
    kernel: (edge) => parameter('conv', edge),
    batchNorm(edge) {
      const found = batchNorms.find((candidate) => candidate.edge === edge)
      if (found === undefined) throw new RangeError(`edge ${edge} has no batch norm`)
      const { channels, offset } = found
      const statistic = (values: Float32Array): WeightTensor => ({
        shape: [channels],
        values: values.subarray(offset, offset + channels),
      })
      return {
        gamma: parameter('bn-gamma', edge),
        beta: parameter('bn-beta', edge),
        mean: statistic(weights.runningMean),
        variance: statistic(weights.runningVariance),
      }
    },
    classifier: { weight: parameter('linear-weight', null), bias: parameter('linear-bias', null) },
  }
}
