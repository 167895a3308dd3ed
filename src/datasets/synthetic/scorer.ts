import type { Engine } from '../../engines/engine.js'
import type { NetworkSpec } from '../../networks/network-spec.js'
import type { Rng } from '../../platform/rng.js'

/**
 * A random function of an image: Linear(inputs -> inputs), ReLU, Linear(inputs -> 1). All its numbers are in the
 * engine's parameter order of `scorerSpec`: the first layer's weights `[inputs, inputs]`, ones, the first layer's
 * biases, the second layer's weights and its bias.
 */
export interface Scorer {
  readonly inputs: number
  readonly parameters: Float32Array
}

/** PyTorch's default initialisation of linear layers: everything uniform in +-1/sqrt(inputs). */
export function createScorer(inputs: number, rng: Rng): Scorer {
  const bound = 1 / Math.sqrt(inputs)
  const weights = inputs * inputs
  const parameters = new Float32Array(weights + 3 * inputs + 1)
  const isOne = (i: number): boolean => i >= weights && i < weights + inputs
  for (let i = 0; i < parameters.length; i++) parameters[i] = isOne(i) ? 1 : bound * (2 * rng.nextFloat() - 1)
  return { inputs, parameters }
}

/**
 * The score of every image, in float32 by an engine: a linear layer is a 1x1 convolution of a map of one pixel, and the
 * batch norm in front of the head, with mean 0, variance 1 and gamma 1, adds the biases.
 *
 * @param fill writes images `from` to `from + count - 1` into a batch, `[count, inputs]`.
 */
export function scoreImages(
  { inputs, parameters }: Scorer,
  engine: Engine,
  images: number,
  fill: (from: number, count: number, batch: Float32Array) => void,
): Float32Array {
  const network = engine.create(scorerSpec(inputs), {
    parameters,
    runningMean: new Float32Array(inputs),
    // Engines add 1e-5 to it.
    runningVariance: new Float32Array(inputs).fill(1 - 1e-5),
  })
  try {
    const scores = new Float32Array(images)
    const batch = new Float32Array(Math.min(images, 256) * inputs)
    for (let from = 0; from < images; from += 256) {
      const count = Math.min(256, images - from)
      fill(from, count, batch)
      scores.set(network.logits(batch.subarray(0, count * inputs), count), from)
    }
    return scores
  } finally {
    network.dispose()
  }
}

/** The score of one image in double precision and in one order of additions: the same on every machine. */
export function exactScore({ inputs, parameters }: Scorer, image: ArrayLike<number>): number {
  const biases = inputs * inputs + inputs
  const output = biases + inputs
  let score = parameters[output + inputs] as number
  for (let unit = 0; unit < inputs; unit++) {
    let value = parameters[biases + unit] as number
    const row = unit * inputs
    for (let i = 0; i < inputs; i++) value += (parameters[row + i] as number) * (image[i] as number)
    if (value > 0) score += value * (parameters[output + unit] as number)
  }
  return score
}

function scorerSpec(inputs: number): NetworkSpec {
  const map = { channels: inputs, height: 1, width: 1 }
  return {
    classes: 1,
    nodes: [map, map],
    edges: [{ op: 'conv', name: 'hidden', from: 0, to: 1, kernel: 1, stride: 1, relu: false, batchNorm: false }],
    head: { node: 1 },
    cuts: [],
  }
}
