import { expect } from 'vitest'
import type { Batch, Engine, StepOptions, TrainableNetwork } from '../../engines/engine.js'
import { inputShape, type NetworkSpec, nodeSize } from '../../networks/network-spec.js'
import { parameterLayout } from '../../networks/parameters.js'
import { initialWeights, type NetworkWeights } from '../../networks/weights.js'
import { createRng } from '../../platform/rng.js'
import type { OracleEngine } from './oracle.js'

/** What each group of checks gets: the engine under test, the oracle, and how to declare a check. */
export interface EngineSuite {
  engine(): Engine
  oracle(): OracleEngine
  /**
   * Declares a test, unless the engine's author gave a reason to skip it.
   *
   * @param body may return text: why it does not apply to the engine
   */
  check(title: string, body: () => unknown, timeoutSeconds?: number): void
}

/** How real training runs: NATS-Bench's recipe. */
export const usualOptions: StepOptions = {
  learningRate: 0.1,
  momentum: 0.9,
  nesterov: true,
  weightDecay: 5e-4,
  clipNorm: 5,
}

/** The batches of a comparison over many steps: four in turn, so that the network learns them. */
export function recurringBatch(spec: NetworkSpec, step: number): Batch {
  return makeBatch(spec, 8, step % 4)
}

/** Changes no parameter: only the loss and the running statistics come of it. */
export const noUpdate: StepOptions = {
  learningRate: 0,
  momentum: 0,
  nesterov: false,
  weightDecay: 0,
  clipNorm: null,
}

/** Largest deviation from the oracle, relative to the largest value of the tensor. */
export const tolerance = 1e-4

export function makeWeights(spec: NetworkSpec): NetworkWeights {
  const rng = createRng('conformance', 'weights')
  const weights = initialWeights(spec, rng)
  // Away from gamma 1 and beta 0, where a wrong use of either would not show.
  for (const { kind, offset, size } of parameterLayout(spec).parameters) {
    if (kind !== 'bn-gamma' && kind !== 'bn-beta') continue
    for (let i = offset; i < offset + size; i++)
      weights.parameters[i] = (weights.parameters[i] ?? 0) + 0.3 * rng.normal()
  }
  return weights
}

/** A batch of normal images; the same `index` gives the same batch. */
export function makeBatch(spec: NetworkSpec, count: number, index = 0): Batch {
  const rng = createRng('conformance', 'batch', index)
  return {
    images: Float32Array.from({ length: count * nodeSize(inputShape(spec)) }, () => rng.normal()),
    labels: Int32Array.from({ length: count }, () => rng.integer(spec.classes)),
    count,
  }
}

/** Creates the network in both engines from the same weights, runs `body`, and disposes of both. */
export function withBoth(
  suite: EngineSuite,
  spec: NetworkSpec,
  body: (network: TrainableNetwork, oracle: TrainableNetwork) => void,
): void {
  const oracle = suite.oracle().create(spec, makeWeights(spec))
  try {
    withNetwork(suite, spec, (network) => body(network, oracle))
  } finally {
    oracle.dispose()
  }
}

/** Creates the network in the engine under test, runs `body`, and disposes of it. */
export function withNetwork(
  suite: EngineSuite,
  spec: NetworkSpec,
  body: (network: TrainableNetwork) => void,
  weights: NetworkWeights = makeWeights(spec),
): void {
  const network = suite.engine().create(spec, weights)
  try {
    body(network)
  } finally {
    network.dispose()
  }
}

/** Fails unless the loss lies within `tolerance` of the oracle's. */
export function expectLoss(actual: number, expected: number, what: string): void {
  expect(Math.abs(actual / expected - 1), `${what}: loss ${actual}, expected ${expected}`).toBeLessThan(tolerance)
}

/** Fails unless no value is further from the expected one than `limit` times the largest expected one. */
export function expectValues(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  what: string,
  limit: number = tolerance,
  scale: number = largest(expected),
): void {
  expect(actual.length, `${what}: length`).toBe(expected.length)
  const deviation = largest(Array.from(expected, (value, i) => value - (actual[i] as number)))
  expect(deviation, `${what}: largest deviation, values up to ${scale}`).toBeLessThanOrEqual(limit * scale)
}

/**
 * Compares flat parameter vectors (parameters or gradients) tensor by tensor.
 *
 * A tensor whose gradient is zero by symmetry (a shift or a scale before a batch norm) holds rounding noise only, so
 * `leastScale` times the largest value of all is the least that a tensor's deviation is compared with.
 */
export function expectParameters(
  spec: NetworkSpec,
  actual: Float32Array,
  expected: Float32Array,
  what: string,
  { limit = tolerance, leastScale = 0.01 }: { limit?: number; leastScale?: number } = {},
): void {
  const least = leastScale * largest(expected)
  for (const { name, offset, size } of parameterLayout(spec).parameters) {
    const part = (values: Float32Array) => values.subarray(offset, offset + size)
    expectValues(part(actual), part(expected), `${what}, ${name}`, limit, Math.max(least, largest(part(expected))))
  }
}

/** Fails unless weights and running statistics agree with the oracle's. */
export function expectWeights(spec: NetworkSpec, actual: NetworkWeights, expected: NetworkWeights, what: string): void {
  expectParameters(spec, actual.parameters, expected.parameters, what)
  expectValues(actual.runningMean, expected.runningMean, `${what}, running means`)
  expectValues(actual.runningVariance, expected.runningVariance, `${what}, running variances`)
}

/** The largest magnitude; NaN if there is one. */
export function largest(values: ArrayLike<number>): number {
  return Array.from(values).reduce((max, value) => Math.max(max, Math.abs(value)), 0)
}
