import type { StepOptions } from '../../engines/engine.js'

/**
 * SGD by the letter of `StepOptions`, in double precision, on `parameters` and momentum buffers `velocity` of one
 * length. Changes both in place.
 */
export function sgdReference(
  parameters: Float64Array,
  velocity: Float64Array,
  gradient: ArrayLike<number>,
  { learningRate, momentum, nesterov, weightDecay, clipNorm }: StepOptions,
): void {
  const norm = Math.sqrt(Array.from(gradient).reduce((sum, g) => sum + g * g, 0))
  const scale = clipNorm !== null && norm > clipNorm ? clipNorm / norm : 1
  parameters.forEach((theta, i) => {
    const g = scale * (gradient[i] as number) + weightDecay * theta
    const v = momentum * (velocity[i] as number) + g
    velocity[i] = v
    parameters[i] = theta - learningRate * (nesterov ? g + momentum * v : v)
  })
}
