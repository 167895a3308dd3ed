import type { Tensor1D, Tensor2D, Tensor4D, TensorFlow, Variable } from './tensorflow.js'

/** Added to the variance before its square root. */
export const batchNormEpsilon = 1e-5

/** Weight of the old running statistics at each update. */
const runningStatisticsKept = 0.9

/** The parameters and running statistics of one batch norm, `[channels]` each. */
export interface BatchNormVariables {
  readonly gamma: Variable
  readonly beta: Variable
  readonly mean: Variable
  readonly variance: Variable
}

/** Mean and variance of each channel. */
interface Statistics {
  readonly mean: Tensor1D
  readonly variance: Tensor1D
}

/** Normalises with the running statistics. */
export function normaliseByRunning(tf: TensorFlow, x: Tensor4D, variables: BatchNormVariables): Tensor4D {
  const { gamma, beta, mean, variance } = variables
  const scale = tf.mul(gamma, inverseDeviation(tf, variance as unknown as Tensor1D))
  return tf.add(tf.mul(tf.sub(x, mean), scale), beta)
}

/**
 * Normalises with the batch's own statistics (biased variance), and updates the running ones if `updates`;
 * differentiable.
 */
export function normaliseByBatch(
  tf: TensorFlow,
  x: Tensor4D,
  variables: BatchNormVariables,
  updates: boolean,
): Tensor4D {
  const count = pixelCount(x)
  const statistics = batchStatistics(tf, x, count)
  const { mean, variance } = statistics
  if (updates) moveRunning(tf, variables, runningTarget(tf, statistics, count))
  const differentiable = tf.customGrad((...args) => {
    const [image, gamma, beta, save] = args as [
      Tensor4D,
      Tensor1D,
      Tensor1D,
      (tensors: (Tensor4D | Tensor1D)[]) => void,
    ]
    const inverse = inverseDeviation(tf, variance)
    const normalised = tf.mul(tf.sub(image, mean), inverse) as Tensor4D
    save([normalised, tf.mul(gamma, inverse)])
    return {
      value: tf.add(tf.mul(normalised, gamma), beta),
      gradFunc: (gradient, saved) => {
        const dy = gradient as Tensor4D
        const [xHat, scale] = saved as [Tensor4D, Tensor1D]
        const dBeta = channelSum(tf, dy)
        const dGamma = channelSum(tf, tf.mul(dy, xHat) as Tensor4D)
        // Mean and variance depend on x too: subtract from dy its mean and its component along xHat.
        const alongMean = tf.sub(dy, tf.div(dBeta, count))
        const dx = tf.mul(tf.sub(alongMean, tf.mul(xHat, tf.div(dGamma, count))), scale)
        return [dx, dGamma, dBeta]
      },
    }
  })
  return differentiable(x, variables.gamma, variables.beta) as Tensor4D
}

/** Mean and biased variance of each channel over the batch. */
function batchStatistics(tf: TensorFlow, x: Tensor4D, count: number): Statistics {
  const mean = tf.div(channelSum(tf, x), count) as Tensor1D
  const variance = tf.div(channelSum(tf, tf.square(tf.sub<Tensor4D>(x, mean))), count) as Tensor1D
  return { mean, variance }
}

/** The batch statistics for the update of the running ones, `[channels]` each. */
export interface RunningTarget {
  readonly mean: Tensor1D
  readonly unbiasedVariance: Tensor1D
}

/** The statistics of a batch of `count` pixels, with unbiased variance. */
function runningTarget(tf: TensorFlow, { mean, variance }: Statistics, count: number): RunningTarget {
  // A single pixel has no unbiased variance; uses its biased one, zero.
  return { mean, unbiasedVariance: tf.mul(variance, count / Math.max(1, count - 1)) }
}

export function moveRunning(tf: TensorFlow, variables: BatchNormVariables, target: RunningTarget): void {
  const move = (running: Variable, value: Tensor1D) =>
    running.assign(tf.add(tf.mul(running, runningStatisticsKept), tf.mul(value, 1 - runningStatisticsKept)))
  move(variables.mean, target.mean)
  move(variables.variance, target.unbiasedVariance)
}

/** Values of one channel in the batch. */
function pixelCount(x: Tensor4D): number {
  return x.shape[0] * x.shape[1] * x.shape[2]
}

/**
 * The sum of each channel as two products with a row of ones, over images and then over pixels: ten times as fast as
 * `tf.sum` in JavaScript, and sums of few terms each lose little to float32.
 */
function channelSum(tf: TensorFlow, x: Tensor4D): Tensor1D {
  const [count, height, width, channels] = x.shape
  const pixels = height * width
  const overImages = tf.matMul(tf.ones([1, count]) as Tensor2D, tf.reshape(x, [count, pixels * channels]) as Tensor2D)
  const overPixels = tf.matMul(tf.ones([1, pixels]) as Tensor2D, tf.reshape(overImages, [pixels, channels]) as Tensor2D)
  return tf.reshape(overPixels, [channels]) as Tensor1D
}

function inverseDeviation(tf: TensorFlow, variance: Tensor1D): Tensor1D {
  return tf.rsqrt(tf.add<Tensor1D>(variance, batchNormEpsilon))
}
