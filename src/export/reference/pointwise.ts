import type { FeatureMaps } from './feature-maps.js'

export function relu(input: FeatureMaps): FeatureMaps {
  const values = new Float32Array(input.values.length)
  // NaN stays NaN, as it must: it shows that something is wrong.
  for (let i = 0; i < values.length; i++) values[i] = Math.max(0, input.values[i] as number)
  return { ...input, values }
}

/** The sum of maps of the same shape. */
export function add(maps: readonly [FeatureMaps, ...FeatureMaps[]]): FeatureMaps {
  const [first, ...others] = maps
  const values = first.values.slice()
  for (const other of others) {
    for (let i = 0; i < values.length; i++) values[i] = (values[i] as number) + (other.values[i] as number)
  }
  return { ...first, values }
}

/** `scale * value + shift`, with one scale and one shift for each channel. */
export function scaleChannels(
  input: FeatureMaps,
  scale: (channel: number) => number,
  shift: (channel: number) => number,
): FeatureMaps {
  const { channels, count, height, width } = input
  const pixels = height * width
  const values = new Float32Array(input.values.length)
  for (let plane = 0; plane < count * channels; plane++) {
    const factor = scale(plane % channels)
    const offset = shift(plane % channels)
    const end = (plane + 1) * pixels
    for (let i = plane * pixels; i < end; i++) values[i] = factor * (input.values[i] as number) + offset
  }
  return { ...input, values }
}

/** The parameters of a batch norm at inference, by channel. */
export interface BatchNorm {
  readonly gamma: Float32Array
  readonly beta: Float32Array
  readonly mean: Float32Array
  readonly variance: Float32Array
  readonly epsilon: number
}

export function batchNorm(input: FeatureMaps, { beta, epsilon, gamma, mean, variance }: BatchNorm): FeatureMaps {
  const scale = (c: number): number => (gamma[c] as number) / Math.sqrt((variance[c] as number) + epsilon)
  return scaleChannels(input, scale, (c) => (beta[c] as number) - (mean[c] as number) * scale(c))
}

/** `weight[o] . row + bias[o]` of every row; `weight` is `[outputs, inputs]`. */
export function linear(rows: Float32Array, weight: Float32Array, bias: Float32Array): Float32Array {
  const outputs = bias.length
  const inputs = weight.length / outputs
  const count = rows.length / inputs
  return Float32Array.from({ length: count * outputs }, (_, at) => {
    const row = Math.floor(at / outputs) * inputs
    const o = at % outputs
    let sum = bias[o] as number
    for (let i = 0; i < inputs; i++) sum += (weight[o * inputs + i] as number) * (rows[row + i] as number)
    return sum
  })
}

/** Of every row of `classes` values. */
export function softmax(logits: Float32Array, classes: number): Float32Array {
  const result = new Float32Array(logits.length)
  for (let from = 0; from < logits.length; from += classes) {
    const row = logits.subarray(from, from + classes)
    const most = Math.max(...row)
    const powers = Array.from(row, (logit) => Math.exp(logit - most))
    const sum = powers.reduce((total, power) => total + power, 0)
    result.set(
      powers.map((power) => power / sum),
      from,
    )
  }
  return result
}
