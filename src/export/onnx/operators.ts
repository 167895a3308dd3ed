import { ExportError } from '../../platform/errors.js'
import { convolve } from '../reference/convolve.js'
import type { FeatureMaps, Window } from '../reference/feature-maps.js'
import { add, batchNorm, linear, relu, scaleChannels, softmax } from '../reference/pointwise.js'
import { averagePool, globalAveragePool } from '../reference/pool.js'

/** A value of the graph: of any element type, as numbers. */
export interface Value {
  readonly shape: readonly number[]
  readonly data: Float32Array | Uint8Array | readonly number[]
}

/** The attributes of an operation; absent ones have the default that the standard gives them. */
export interface Attributes {
  integer(name: string, otherwise: number): number
  integers(name: string, otherwise: readonly number[]): readonly number[]
  float(name: string, otherwise: number): number
}

type Operator = (inputs: readonly Value[], attributes: Attributes) => Value

/** The operations of ONNX (opset 17) that exported networks use, as the standard defines them. */
export const operators: Readonly<Record<string, Operator>> = {
  Cast: ([input]) => ({ shape: given(input).shape, data: Float32Array.from(given(input).data) }),
  Shape([input], attributes) {
    const { shape } = given(input)
    const part = shape.slice(attributes.integer('start', 0), attributes.integer('end', shape.length))
    return { shape: [part.length], data: part }
  },
  Concat(inputs) {
    const data = inputs.flatMap(({ data }) => [...data])
    return { shape: [data.length], data }
  },
  ConstantOfShape([shape]) {
    const lengths = [...given(shape).data]
    return { shape: lengths, data: new Float32Array(lengths.reduce((product, length) => product * length, 1)) }
  },
  Div: ([input, divisor]) => perChannel(input, divisor, (by) => [1 / by, 0]),
  Sub: ([input, subtrahend]) => perChannel(input, subtrahend, (by) => [1, -by]),
  Sum(inputs) {
    const [first, ...others] = inputs.map(toMaps)
    return fromMaps(add([given(first), ...others]))
  },
  Relu: ([input]) => fromMaps(relu(toMaps(input))),
  Conv([input, weight], attributes) {
    const { data, shape } = given(weight)
    const [outputs = 0, , rows = 0, columns = 0] = shape
    const kernel = attributes.integers('kernel_shape', [rows, columns])
    const groups = attributes.integer('group', 1)
    return fromMaps(convolve(toMaps(input), { ...windowOf(attributes, kernel), outputs, groups, values: floats(data) }))
  },
  BatchNormalization([input, gamma, beta, mean, variance], attributes) {
    const parameters = [gamma, beta, mean, variance].map((value) => floats(given(value).data))
    const [g, b, m, v] = parameters as [Float32Array, Float32Array, Float32Array, Float32Array]
    const epsilon = attributes.float('epsilon', 1e-5)
    return fromMaps(batchNorm(toMaps(input), { gamma: g, beta: b, mean: m, variance: v, epsilon }))
  },
  AveragePool([input], attributes) {
    const window = windowOf(attributes, attributes.integers('kernel_shape', []))
    return fromMaps(
      averagePool(toMaps(input), { ...window, countsPadding: attributes.integer('count_include_pad', 0) === 1 }),
    )
  },
  GlobalAveragePool: ([input]) => fromMaps(globalAveragePool(toMaps(input))),
  Flatten([input]) {
    const { data, shape } = given(input)
    const [count = 0, ...rest] = shape
    return { shape: [count, rest.reduce((product, length) => product * length, 1)], data }
  },
  Gemm([input, weight, bias], attributes) {
    if (attributes.integer('transB', 0) !== 1) throw new ExportError('Gemm is expected with transB = 1.')
    const data = linear(floats(given(input).data), floats(given(weight).data), floats(given(bias).data))
    return { shape: [given(input).shape[0] ?? 0, given(bias).data.length], data }
  },
  Softmax([input]) {
    const { data, shape } = given(input)
    return { shape, data: softmax(floats(data), shape.at(-1) ?? 1) }
  },
}

/** `input` op `values`, which are one number or one for each channel. */
function perChannel(
  input: Value | undefined,
  values: Value | undefined,
  linearly: (value: number) => readonly [scale: number, shift: number],
): Value {
  const { data } = given(values)
  const at = (channel: number): number => data[data.length === 1 ? 0 : channel] as number
  return fromMaps(
    scaleChannels(
      toMaps(input),
      (c) => linearly(at(c))[0],
      (c) => linearly(at(c))[1],
    ),
  )
}

function windowOf(attributes: Attributes, kernel: readonly number[]): Window {
  const [top = 0, left = 0, bottom = 0, right = 0] = attributes.integers('pads', [0, 0, 0, 0])
  const pair = (values: readonly number[]): [number, number] => [values[0] ?? 1, values[1] ?? 1]
  return {
    kernel: pair(kernel),
    strides: pair(attributes.integers('strides', [1, 1])),
    dilations: pair(attributes.integers('dilations', [1, 1])),
    pads: { top, left, bottom, right },
  }
}

function toMaps(value: Value | undefined): FeatureMaps {
  const { data, shape } = given(value)
  const [count = 0, channels = 0, height = 0, width = 0] = shape
  return { count, channels, height, width, values: floats(data) }
}

function fromMaps({ channels, count, height, values, width }: FeatureMaps): Value {
  return { shape: [count, channels, height, width], data: values }
}

function floats(data: Value['data']): Float32Array {
  return data instanceof Float32Array ? data : Float32Array.from(data)
}

function given<T>(value: T | undefined): T {
  if (value === undefined) throw new ExportError('The graph lacks an input of an operation.')
  return value
}
