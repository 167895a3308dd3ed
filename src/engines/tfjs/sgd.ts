import type { StepOptions } from '../engine.js'
import type { Tensor, TensorFlow, Variable } from './tensorflow.js'

/** Keeps clipping finite if the norm is zero, as in PyTorch. */
const clipEpsilon = 1e-6

/**
 * SGD with clipping, coupled weight decay and momentum, in the order that `StepOptions` documents. Owns one momentum
 * buffer per parameter, created at the first step.
 */
export class Sgd {
  readonly #tf: TensorFlow
  readonly #parameters: readonly Variable[]
  #velocities: readonly Variable[] = []

  constructor(tf: TensorFlow, parameters: readonly Variable[]) {
    this.#tf = tf
    this.#parameters = parameters
  }

  /** Updates the parameters. `gradients` in their order; undefined for a parameter the loss does not depend on. */
  step(gradients: readonly (Tensor | undefined)[], options: StepOptions): void {
    const tf = this.#tf
    const { learningRate, momentum, nesterov, weightDecay, clipNorm } = options
    this.#makeVelocities()
    tf.tidy(() => {
      const scale = clipNorm === null ? null : clipScale(tf, gradients, clipNorm)
      this.#parameters.forEach((parameter, index) => {
        const velocity = this.#velocities[index]
        if (velocity === undefined) return
        const gradient = gradients[index] ?? tf.zeros(parameter.shape)
        const clipped = scale === null ? gradient : tf.mul(gradient, scale)
        const decayed = tf.add(clipped, tf.mul(parameter, weightDecay))
        velocity.assign(tf.add(tf.mul(velocity, momentum), decayed))
        const direction = nesterov ? tf.add(decayed, tf.mul(velocity, momentum)) : velocity
        parameter.assign(tf.sub(parameter, tf.mul(direction, learningRate)))
      })
    })
  }

  /** One buffer per parameter; empty before the first step. Not to be disposed. */
  momentum(): readonly Tensor[] {
    return this.#velocities
  }

  /** Copies one buffer per parameter. */
  setMomentum(momentum: readonly Tensor[]): void {
    this.#makeVelocities()
    this.#velocities.forEach((velocity, index) => {
      const values = momentum[index]
      if (values !== undefined) velocity.assign(values)
    })
  }

  #makeVelocities(): void {
    if (this.#velocities.length > 0) return
    const tf = this.#tf
    this.#velocities = this.#parameters.map((parameter) => tf.tidy(() => tf.variable(tf.zeros(parameter.shape), false)))
  }

  bytes(): number {
    return this.#velocities.reduce((sum, { size }) => sum + size * Float32Array.BYTES_PER_ELEMENT, 0)
  }

  /** Resets and frees the momentum. */
  dispose(): void {
    for (const velocity of this.#velocities) velocity.dispose()
    this.#velocities = []
  }
}

/** `min(1, clipNorm / norm)` of the global L2 norm: a scalar tensor. */
function clipScale(tf: TensorFlow, gradients: readonly (Tensor | undefined)[], clipNorm: number): Tensor {
  const squares = gradients.flatMap((gradient) => (gradient === undefined ? [] : [tf.sum(tf.square(gradient))]))
  const norm = tf.sqrt(tf.addN(squares))
  return tf.minimum(1, tf.div(clipNorm, tf.add(norm, clipEpsilon)))
}
