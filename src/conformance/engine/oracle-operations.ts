/**
 * The operations of a network in double precision, as plain loops after their definitions: the independent oracle of
 * the engines. Each returns its value and a function from the value's gradient to the input's.
 */

/** Feature maps `[count, channels, height, width]`. */
export interface Maps {
  readonly data: Float64Array
  readonly count: number
  readonly channels: number
  readonly height: number
  readonly width: number
}

export interface Operation {
  readonly value: Maps
  /** Adds to the gradients of the parameters it was given, and returns the gradient of its input. */
  backward(gradient: Float64Array): Float64Array
}

/** A parameter and where its gradient is added up. */
export interface Parameter {
  readonly value: Float64Array
  readonly gradient: Float64Array
}

export function relu(x: Maps): Operation {
  return {
    value: { ...x, data: x.data.map((v) => Math.max(v, 0)) },
    backward: (dy) => dy.map((g, i) => (at(x.data, i) > 0 ? g : 0)),
  }
}

/** A ReLU with the pattern of the input `before`. */
export function reluAsBefore(x: Maps, before: Float64Array): Operation {
  const choose = (values: Float64Array) => values.map((value, i) => (at(before, i) > 0 ? value : 0))
  return { value: { ...x, data: choose(x.data) }, backward: choose }
}

/** The parameters of a convolution. */
export interface ConvolutionShape {
  readonly outputs: number
  readonly kernel: number
  readonly stride: number
  readonly dilation: number
  /** Whether output channel `o` reads only input channel `o`. */
  readonly depthwise: boolean
}

/** Visits every product of a padded convolution as (output, input, weight) indices. */
function forEachProduct(
  x: Maps,
  { outputs, kernel, stride, dilation, depthwise }: ConvolutionShape,
  visit: (output: number, input: number, weight: number) => void,
): void {
  const padding = dilation * Math.floor(kernel / 2)
  const inputs = depthwise ? 1 : x.channels
  const [rows, columns] = [Math.ceil(x.height / stride), Math.ceil(x.width / stride)]
  for (let n = 0; n < x.count; n++)
    for (let o = 0; o < outputs; o++)
      for (let row = 0; row < rows; row++)
        for (let column = 0; column < columns; column++)
          for (let i = 0; i < inputs; i++)
            for (let r = 0; r < kernel; r++) {
              const y = row * stride + r * dilation - padding
              if (y < 0 || y >= x.height) continue
              for (let c = 0; c < kernel; c++) {
                const z = column * stride + c * dilation - padding
                if (z < 0 || z >= x.width) continue
                visit(
                  ((n * outputs + o) * rows + row) * columns + column,
                  ((n * x.channels + (depthwise ? o : i)) * x.height + y) * x.width + z,
                  ((o * inputs + i) * kernel + r) * kernel + c,
                )
              }
            }
}

/** Weights `[outputs, in, kernel, kernel]`, `in` being 1 for a depthwise one. */
export function convolve(x: Maps, weight: Parameter, shape: ConvolutionShape): Operation {
  const { outputs, stride } = shape
  const value: Maps = zeros(x.count, outputs, Math.ceil(x.height / stride), Math.ceil(x.width / stride))
  forEachProduct(x, shape, (o, i, w) => add(value.data, o, at(x.data, i) * at(weight.value, w)))
  return {
    value,
    backward(dy) {
      const dx = new Float64Array(x.data.length)
      forEachProduct(x, shape, (o, i, w) => {
        add(dx, i, at(dy, o) * at(weight.value, w))
        add(weight.gradient, w, at(dy, o) * at(x.data, i))
      })
      return dx
    },
  }
}

/** Mean over a window of `kernel`: 3 at stride 1, padding left out; 2 at stride 2, whole windows only. */
export function averagePool(x: Maps, kernel: 2 | 3): Operation {
  const stride = kernel === 2 ? 2 : 1
  const value = zeros(x.count, x.channels, Math.floor(x.height / stride), Math.floor(x.width / stride))
  const forEachTerm = (visit: (output: number, input: number, share: number) => void) => {
    for (let map = 0; map < x.count * x.channels; map++)
      for (let row = 0; row < value.height; row++)
        for (let column = 0; column < value.width; column++) {
          const inputs: number[] = []
          for (let r = 0; r < kernel; r++)
            for (let c = 0; c < kernel; c++) {
              const y = row * stride + r - (kernel === 3 ? 1 : 0)
              const z = column * stride + c - (kernel === 3 ? 1 : 0)
              if (y >= 0 && y < x.height && z >= 0 && z < x.width) inputs.push((map * x.height + y) * x.width + z)
            }
          for (const input of inputs) visit((map * value.height + row) * value.width + column, input, 1 / inputs.length)
        }
  }
  forEachTerm((o, i, share) => add(value.data, o, at(x.data, i) * share))
  return {
    value,
    backward(dy) {
      const dx = new Float64Array(x.data.length)
      forEachTerm((o, i, share) => add(dx, i, at(dy, o) * share))
      return dx
    },
  }
}

/** Mean and biased variance of each channel. */
export interface Statistics {
  readonly mean: Float64Array
  readonly variance: Float64Array
}

export function statisticsOf(x: Maps): Statistics {
  const mean = new Float64Array(x.channels)
  const variance = new Float64Array(x.channels)
  const size = x.data.length / x.channels
  x.data.forEach((v, i) => {
    add(mean, channelOf(x, i), v / size)
  })
  x.data.forEach((v, i) => {
    add(variance, channelOf(x, i), (v - at(mean, channelOf(x, i))) ** 2 / size)
  })
  return { mean, variance }
}

/**
 * Batch norm with given statistics. `backward` is that of the batch's own statistics; the sums over the batch that it
 * takes go through `round`.
 */
export function normalise(
  x: Maps,
  statistics: Statistics,
  gamma: Parameter,
  beta: Parameter,
  round: (sums: Float64Array) => Float64Array = (sums) => sums,
): Operation {
  const deviation = statistics.variance.map((v) => Math.sqrt(v + 1e-5))
  const xHat = x.data.map((v, i) => (v - at(statistics.mean, channelOf(x, i))) / at(deviation, channelOf(x, i)))
  const size = x.data.length / x.channels
  return {
    value: { ...x, data: xHat.map((v, i) => v * at(gamma.value, channelOf(x, i)) + at(beta.value, channelOf(x, i))) },
    backward(dy) {
      const dGamma = new Float64Array(x.channels)
      const dBeta = new Float64Array(x.channels)
      dy.forEach((g, i) => {
        add(dBeta, channelOf(x, i), g)
        add(dGamma, channelOf(x, i), g * at(xHat, i))
      })
      dBeta.set(round(dBeta))
      dGamma.set(round(dGamma))
      dGamma.forEach((g, channel) => {
        add(gamma.gradient, channel, g)
      })
      dBeta.forEach((g, channel) => {
        add(beta.gradient, channel, g)
      })
      return dy.map((g, i) => {
        const channel = channelOf(x, i)
        const centred = g - at(dBeta, channel) / size - (at(xHat, i) * at(dGamma, channel)) / size
        return (centred * at(gamma.value, channel)) / at(deviation, channel)
      })
    },
  }
}

/** Global average pooling and a linear layer: logits as maps of one pixel. Weights `[classes, channels]`. */
export function classifier(x: Maps, weight: Parameter, bias: Parameter): Operation {
  const classes = bias.value.length
  const pixels = x.height * x.width
  const value = zeros(x.count, classes, 1, 1)
  const pooled = new Float64Array(x.count * x.channels)
  x.data.forEach((v, i) => {
    add(pooled, Math.floor(i / pixels), v / pixels)
  })
  const forEachLogit = (visit: (logit: number, image: number, k: number) => void) => {
    for (let image = 0; image < x.count; image++) for (let k = 0; k < classes; k++) visit(image * classes + k, image, k)
  }
  forEachLogit((logit, image, k) => {
    add(value.data, logit, at(bias.value, k))
    for (let c = 0; c < x.channels; c++)
      add(value.data, logit, at(weight.value, k * x.channels + c) * at(pooled, image * x.channels + c))
  })
  return {
    value,
    backward(dy) {
      const dPooled = new Float64Array(pooled.length)
      forEachLogit((logit, image, k) => {
        add(bias.gradient, k, at(dy, logit))
        for (let c = 0; c < x.channels; c++) {
          add(weight.gradient, k * x.channels + c, at(dy, logit) * at(pooled, image * x.channels + c))
          add(dPooled, image * x.channels + c, at(dy, logit) * at(weight.value, k * x.channels + c))
        }
      })
      return x.data.map((_, i) => at(dPooled, Math.floor(i / pixels)) / pixels)
    },
  }
}

/** Mean cross-entropy, correct count, and the gradient of the former with respect to the logits. */
export function crossEntropy(logits: Maps, labels: Int32Array) {
  const classes = logits.channels
  const gradient = new Float64Array(logits.data.length)
  let loss = 0
  let correct = 0
  labels.forEach((label, image) => {
    const row = logits.data.subarray(image * classes, (image + 1) * classes)
    const largest = Math.max(...row)
    const exponentials = row.map((v) => Math.exp(v - largest))
    const total = exponentials.reduce((sum, v) => sum + v, 0)
    loss += (largest + Math.log(total) - at(row, label)) / labels.length
    if (row.indexOf(largest) === label) correct++
    exponentials.forEach((v, k) => {
      gradient[image * classes + k] = (v / total - (k === label ? 1 : 0)) / labels.length
    })
  })
  return { loss, correct, gradient }
}

export function zeros(count: number, channels: number, height: number, width: number): Maps {
  return { data: new Float64Array(count * channels * height * width), count, channels, height, width }
}

export function addTo(target: Float64Array, source: Float64Array): void {
  source.forEach((v, i) => {
    add(target, i, v)
  })
}

function channelOf(x: Maps, index: number): number {
  return Math.floor(index / (x.height * x.width)) % x.channels
}

function at(values: Float64Array, index: number): number {
  return values[index] as number
}

function add(values: Float64Array, index: number, value: number): void {
  values[index] = at(values, index) + value
}
