import { type Measure, type MeasureInput, measuredTensors, sumOverWeights } from './measure.js'

/*
 * Measures made of g, the gradient of the batch's mean cross-entropy with respect to the weights w; batch norm uses the
 * batch's statistics.
 */

/** The sum over layers of the L2 norm of g. */
export const gradNorm: Measure = {
  name: 'grad_norm',
  description: 'sum over layers of the norm of the loss gradient',
  passes: 1,
  images: 'batch',
  measure({ network, batch }) {
    const gradients = network.gradients(batch)
    return measuredTensors(network.spec).reduce((sum, { offset, size }) => {
      return sum + Math.sqrt(gradients.subarray(offset, offset + size).reduce((square, g) => square + g * g, 0))
    }, 0)
  },
}

/** The sum of g w, with its sign. */
export const plain: Measure = {
  name: 'plain',
  description: 'sum of loss gradient times weight',
  passes: 1,
  images: 'batch',
  measure: (input) => sumOverWeights(input, input.network.gradients(input.batch), (w, g) => w * g),
}

/** The sum of |g w| (SNIP, arXiv 1810.02340). */
export const snip: Measure = {
  name: 'snip',
  description: 'sum of the magnitude of loss gradient times weight',
  passes: 1,
  images: 'batch',
  measure: (input) => sumOverWeights(input, input.network.gradients(input.batch), (w, g) => Math.abs(w * g)),
}

/** Weights are scaled by 1 - step and 1 + step: a power of two, small beside 1 and large beside float32's roundings. */
const step = 2 ** -8

/**
 * The sum of -w (H g), H the Hessian of the loss (GraSP, arXiv 2002.07376; the minus sign is zero-cost-nas's).
 *
 * H is symmetric, so that w H g = g (H w), and H w is the slope of the gradient as all weights are scaled together: a
 * difference quotient of two gradients, whose mean is g with an error of step^2. The direction is convenient: a
 * convolution before batch norm is invariant to its scale, so most activations do not change at all.
 *
 * Both gradients use the current pattern of ReLUs, since automatic differentiation gives a ReLU no second derivative.
 * Otherwise the few ReLUs that change sign dominate the result.
 */
export const grasp: Measure = {
  name: 'grasp',
  description: 'sum of weight times Hessian times loss gradient, negated',
  passes: 2,
  images: 'batch',
  measure(input) {
    const points = [scaled(input, 1 - step), scaled(input, 1 + step)]
    const [below, above] = input.network.gradientsNear(input.batch, points) as [Float32Array, Float32Array]
    let sum = 0
    for (const { offset, size } of measuredTensors(input.network.spec)) {
      for (let i = offset; i < offset + size; i++) {
        const [low, high] = [below[i] as number, above[i] as number]
        // g times the slope: (high + low) / 2 times (high - low) / (2 step).
        sum -= ((high + low) * (high - low)) / (4 * step)
      }
    }
    return sum
  },
}

/** The parameters with every measured tensor multiplied. */
function scaled({ network, weights }: MeasureInput, factor: number): Float32Array {
  const parameters = weights.parameters.slice()
  for (const { offset, size } of measuredTensors(network.spec)) {
    for (let i = offset; i < offset + size; i++) parameters[i] = (parameters[i] as number) * factor
  }
  return parameters
}
