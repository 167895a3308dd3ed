import { describe, expect, it } from 'vitest'
import { buildNetwork, conv } from '../../../src/conformance/engine/networks.js'
import { float64Engine } from '../../../src/conformance/index.js'
import type { Engine } from '../../../src/engines/engine.js'
import { loadWasmEngine } from '../../../src/engines/wasm/wasm-engine.js'
import type { MeasureName } from '../../../src/evaluators/zero-cost/measure.js'
import { findMeasure } from '../../../src/evaluators/zero-cost/registry.js'
import { initialWeights } from '../../../src/networks/weights.js'
import { createRng } from '../../../src/platform/rng.js'
import { natsTss } from '../../../src/spaces/nats-tss/index.js'

const engines: readonly [string, Pick<Engine, 'create'>][] = [
  ['double precision', float64Engine],
  ['wasm', loadWasmEngine()],
]

describe.each(engines)('zero-cost measures worked out by hand on the engine %s', (_, engine) => {
  /**
   * Two images of one pixel, 1 and -1; a convolution 1x1 by 2; the head's batch norm makes 1 and -1 of its outputs
   * (but for eps), its ReLU 1 and 0; a linear layer by ln 3 and 0. So the logits are (ln 3, 0) and (0, 0), the
   * probabilities (3/4, 1/4) and (1/2, 1/2). The labels are 0 and 1: the gradients of the logits, halved for the mean of
   * two images, are (-1/8, 1/8) and (1/4, -1/4), that of the linear weights (-1/8, 1/8). Batch norm of two values lets
   * no gradient through: the convolution has none.
   */
  const twoPixels = {
    spec: buildNetwork(
      [
        [1, 1, 1],
        [1, 1, 1],
      ],
      [conv(0, 1, { kernel: 1, relu: false, batchNorm: false })],
      { classes: 2 },
    ),
    parameters: [2, 1, 0, Math.log(3), 0, 0, 0],
    images: [1, -1],
    labels: [0, 1],
  }

  it.each([
    ['grad_norm', Math.SQRT2 / 8],
    ['plain', -Math.log(3) / 8],
    ['snip', Math.log(3) / 8],
    // The Hessian of the linear weights is half of diag(p) - p p^T = 3/16 ((1, -1), (-1, 1)); times the gradient
    // (-1/8, 1/8) that makes (-3/128, 3/128); times the weights (ln 3, 0), negated:
    ['grasp', (3 * Math.log(3)) / 128],
    // Logits times their gradients: -ln 3 / 8 in the first image, 0 elsewhere. Half the mean of its square, for one weight
    // a class.
    ['fisher', (Math.log(3) / 8) ** 2 / 4],
    // The convolution, batch norm's two, the linear layer's four; one and two multiply-adds.
    ['params', 7],
    ['flops', 6],
  ] as const)('%s', (name, expected) => {
    expect(measured(name, twoPixels)).toBeCloseTo(expected, 4)
  })

  it.each(['jacob_cov', 'naswot'] as const)('%s of two rows of two pixels, whose correlation is 1 or -1', (name) => {
    const spec = buildNetwork(
      [
        [1, 1, 2],
        [1, 1, 2],
      ],
      [conv(0, 1, { kernel: 1, relu: false, batchNorm: false })],
      { classes: 2 },
    )
    const score = measured(name, { spec, parameters: [2, 1, 0.1, 3, 1, 0, 0], images: [1, -2, 0.5, 3], labels: [0, 1] })
    // Eigenvalues 2 and 0.
    expect(score).toBeCloseTo(-(Math.log(2.00001) + 1 / 2.00001 + Math.log(1e-5) + 1e5), 3)
  })

  it.each(['jacob_cov', 'naswot'] as const)('%s is not a number where the image does not reach the head', (name) => {
    const spec = buildNetwork(
      [
        [1, 2, 2],
        [1, 2, 2],
        [1, 2, 2],
      ],
      [conv(0, 1)],
    )
    const parameters = Array.from(initialWeights(spec, createRng(1)).parameters)
    expect(measured(name, { spec, parameters, images: [1, 2, 3, 4, 4, 3, 2, 1], labels: [0, 1] })).toBeNaN()
  })

  it('synflow', () => {
    // |w|: 2, then 3 beside a skip, then 5 and 1; batch norms, with gammas of 7, are left out. The one pixel is
    // 1, 2, 3 x 2 + 2 = 8, and R = 8 x 6 = 48. The flow through the first weight is all of R, through the second its share
    // 6 x 6, through the last two 8 x 5 + 8 x 1.
    const spec = buildNetwork(
      [
        [1, 1, 1],
        [1, 1, 1],
        [1, 1, 1],
      ],
      [conv(0, 1, { kernel: 1, relu: false }), conv(1, 2, { kernel: 1 }), { op: 'skip', from: 1, to: 2 }],
      { classes: 2 },
    )
    const parameters = [-2, 7, 0, 3, 7, 0, 7, 0, 5, -1, 9, -9]
    expect(measured('synflow', { spec, parameters, images: [3], labels: [0] })).toBeCloseTo(48 + 36 + 48, 4)
  })

  it('synflow_bn', () => {
    // A convolution 3x3 of magnitude 1 makes 2, 3, 2 of three pixels of one; the head's batch norm -1, 2, -1 over the
    // square root of 2 (mean 7/3, variance 2/9); its ReLU and mean sqrt(2)/3; R is that times 5 + 1, which is also the flow
    // through the linear weights. Batch norm of two different values, one of them twice, lets no gradient through.
    const spec = buildNetwork(
      [
        [1, 1, 3],
        [1, 1, 3],
      ],
      [conv(0, 1, { relu: false, batchNorm: false })],
      { classes: 2 },
    )
    const parameters = [1, -1, 1, 1, -1, 1, 1, 1, -1, 1, 0, 5, -1, 0, 0]
    expect(measured('synflow_bn', { spec, parameters, images: [1, 2, 3], labels: [0] })).toBeCloseTo(2 * Math.SQRT2, 3)
  })

  interface Case {
    readonly spec: ReturnType<typeof buildNetwork>
    readonly parameters: readonly number[]
    readonly images: readonly number[]
    readonly labels: readonly number[]
  }

  function measured(name: MeasureName, { spec, parameters, images, labels }: Case): number {
    const { runningMean, runningVariance } = initialWeights(spec, createRng('unused'))
    const weights = { parameters: Float32Array.from(parameters), runningMean, runningVariance }
    const network = engine.create(spec, weights)
    const batch = { images: Float32Array.from(images), labels: Int32Array.from(labels), count: labels.length }
    const score = findMeasure(name).measure({ network, weights, batch })
    network.dispose()
    return score
  }
})

it('synflow of a wide and deep network is finite, though beyond float32', () => {
  const dense = '|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|nor_conv_3x3~0|nor_conv_3x3~1|nor_conv_3x3~2|'
  const input = { channels: 3, height: 32, width: 32 }
  const spec = natsTss.network(dense, { channels: 16, cells: 5, input, classes: 10 })
  const weights = initialWeights(spec, createRng('synflow'))
  const network = loadWasmEngine().create(spec, weights)
  const batch = { images: new Float32Array(0), labels: new Int32Array(0), count: 0 }
  const score = findMeasure('synflow').measure({ network, weights, batch })
  expect(score).toBeGreaterThan(3.5e38)
  expect(score).toBeLessThan(1e60)
  network.dispose()
})
