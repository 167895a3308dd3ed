import type { NetworkWeights } from './weights.js'

/** Arrays one behind the other, as files hold them: float32 in the machine's order, which is little endian. */
export function bytesOfArrays(arrays: readonly Float32Array[]): Buffer {
  return Buffer.concat(arrays.map(({ buffer, byteLength, byteOffset }) => Buffer.from(buffer, byteOffset, byteLength)))
}

/** The arrays of weights, in the order in which files hold them. */
export function arraysOf({ parameters, runningMean, runningVariance }: NetworkWeights): readonly Float32Array[] {
  return [parameters, runningMean, runningVariance]
}

/**
 * Copies of the weights that begin at `from` in `values`, in the order of `arraysOf`.
 *
 * @param parameters their number
 * @param statistics the number of running means, and of running variances
 */
export function weightsIn(values: Float32Array, from: number, parameters: number, statistics: number): NetworkWeights {
  const mean = from + parameters
  const variance = mean + statistics
  return {
    parameters: values.slice(from, mean),
    runningMean: values.slice(mean, variance),
    runningVariance: values.slice(variance, variance + statistics),
  }
}
