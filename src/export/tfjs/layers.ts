import { ExportError } from '../../platform/errors.js'
import { convolve } from '../reference/convolve.js'
import { emptyMaps, type FeatureMaps, type Window } from '../reference/feature-maps.js'
import { add, batchNorm, linear, relu, softmax } from '../reference/pointwise.js'
import { averagePool, globalAveragePool } from '../reference/pool.js'
import type { LayerConfig } from './layers-model.js'

/** The weights of a layer by name, as the file has them. */
export type LayerWeights = Readonly<
  Record<string, { readonly shape: readonly number[]; readonly values: Float32Array }>
>

/** A layer applied to the results of those it reads. A vector is a map of one pixel. */
type LayerFunction = (inputs: readonly FeatureMaps[], config: LayerConfig, weights: LayerWeights) => FeatureMaps

/** The layers of TensorFlow.js that exported networks use, as Keras defines them. */
export const layerFunctions: Readonly<Record<string, LayerFunction>> = {
  BatchNormalization: ([input], { epsilon }, weights) =>
    batchNorm(given(input), {
      gamma: given(weights.gamma).values,
      beta: given(weights.beta).values,
      mean: given(weights.moving_mean).values,
      variance: given(weights.moving_variance).values,
      epsilon: Number(epsilon),
    }),
  Activation([input], { activation }) {
    if (activation === 'relu') return relu(given(input))
    if (activation !== 'softmax') throw new ExportError(`There is an activation ${String(activation)}.`)
    return { ...given(input), values: softmax(given(input).values, given(input).channels) }
  },
  ZeroPadding2D([input], { padding }) {
    const [[top, bottom], [left, right]] = padding as [[number, number], [number, number]]
    return padded(given(input), { top, bottom, left, right })
  },
  Conv2D([input], config, weights) {
    const { shape, values } = given(weights.kernel)
    const [rows = 0, columns = 0, inputs = 0, outputs = 0] = shape
    const window = windowOf(given(input), config, [rows, columns])
    return convolve(given(input), { ...window, outputs, groups: 1, values: channelsFirst(values, inputs, outputs) })
  },
  DepthwiseConv2D([input], config, weights) {
    const { shape, values } = given(weights.depthwise_kernel)
    const [rows = 0, columns = 0, channels = 0] = shape
    const window = windowOf(given(input), config, [rows, columns])
    const kernel = { outputs: channels, groups: channels, values: channelsFirst(values, 1, channels) }
    return convolve(given(input), { ...window, ...kernel })
  },
  AveragePooling2D: ([input], config) =>
    averagePool(given(input), {
      ...windowOf(given(input), config, config.pool_size as [number, number]),
      countsPadding: false,
    }),
  Add([first, ...others]) {
    return add([given(first), ...others])
  },
  GlobalAveragePooling2D: ([input]) => globalAveragePool(given(input)),
  Dense([input], { use_bias: hasBias }, weights) {
    const { shape, values } = given(weights.kernel)
    const [inputs = 0, outputs = 0] = shape
    const bias = hasBias ? given(weights.bias).values : new Float32Array(outputs)
    const rows = linear(given(input).values, channelsFirst(values, inputs, outputs), bias)
    return { ...given(input), channels: outputs, values: rows }
  },
  Reshape([input], { target_shape: target }) {
    const { channels, height, width } = given(input)
    const [rows, columns, last] = target as readonly number[]
    if (height * width !== 1 || rows !== 1 || columns !== 1 || last !== channels) {
      throw new ExportError('A Reshape does more than turn a vector into a pixel.')
    }
    return given(input)
  },
  UpSampling2D([input], { size }) {
    const { channels, count, values } = given(input)
    const [height, width] = size as [number, number]
    if (given(input).height * given(input).width !== 1)
      throw new ExportError('An UpSampling2D reads more than a pixel.')
    const output = emptyMaps(count, channels, height, width)
    return { ...output, values: output.values.map((_, at) => values[Math.floor(at / (height * width))] as number) }
  },
}

/** Where Keras puts the window: `same` makes ceil(size / stride) outputs, with the odd pixel of padding behind. */
function windowOf({ height, width }: FeatureMaps, config: LayerConfig, kernel: readonly [number, number]): Window {
  const strides = config.strides as [number, number]
  const dilations = (config.dilation_rate ?? [1, 1]) as [number, number]
  const total = (size: number, axis: 0 | 1): number => {
    if (config.padding === 'valid') return 0
    const reach = dilations[axis] * (kernel[axis] - 1) + 1
    return Math.max(0, (Math.ceil(size / strides[axis]) - 1) * strides[axis] + reach - size)
  }
  const [vertical, horizontal] = [total(height, 0), total(width, 1)]
  const [top, left] = [Math.floor(vertical / 2), Math.floor(horizontal / 2)]
  return { kernel, strides, dilations, pads: { top, left, bottom: vertical - top, right: horizontal - left } }
}

function padded(input: FeatureMaps, { bottom, left, right, top }: Window['pads']): FeatureMaps {
  const { channels, count, height, values, width } = input
  const output = emptyMaps(count, channels, height + top + bottom, width + left + right)
  for (let row = 0; row < count * channels * height; row++) {
    const plane = Math.floor(row / height)
    const to = (plane * output.height + (row % height) + top) * output.width + left
    output.values.set(values.subarray(row * width, (row + 1) * width), to)
  }
  return output
}

/** Of a kernel `[..., inputs, outputs]`: `[outputs, inputs, ...]`. */
function channelsFirst(values: Float32Array, inputs: number, outputs: number): Float32Array {
  const pixels = values.length / (inputs * outputs)
  return Float32Array.from({ length: values.length }, (_, at) => {
    const pixel = at % pixels
    const input = Math.floor(at / pixels) % inputs
    return values[(pixel * inputs + input) * outputs + Math.floor(at / (pixels * inputs))] as number
  })
}

function given<T>(value: T | undefined): T {
  if (value === undefined) throw new ExportError('A layer lacks an input or weights.')
  return value
}
