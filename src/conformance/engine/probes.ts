import { expect } from 'vitest'
import type { ProbeOptions, ProbeResult, TrainableNetwork } from '../../engines/engine.js'
import type { NetworkSpec } from '../../networks/network-spec.js'
import { outputCount, parameterLayout } from '../../networks/parameters.js'
import type { NetworkWeights } from '../../networks/weights.js'
import { EngineError } from '../../platform/errors.js'
import { createRng } from '../../platform/rng.js'
import { wrong } from './bad-values.js'
import { buildNetwork, cellNetwork, conformanceNetworks, conv, skip, stem } from './networks.js'
import {
  type EngineSuite,
  expectParameters,
  expectValues,
  largest,
  makeBatch,
  makeWeights,
  tolerance,
  withBoth,
  withNetwork,
} from './suite.js'

const allTargets = ['parameters', 'inputs', 'outputs'] as const

const probes: readonly ProbeOptions[] = (['cross-entropy', 'logit-sum'] as const).flatMap((objective) =>
  (['batch', 'bypass'] as const).map((batchNorm) => ({ objective, batchNorm, targets: allTargets })),
)

/** Probes, against the oracle. */
export function probeChecks(suite: EngineSuite): void {
  for (const [name, spec] of conformanceNetworks) {
    suite.check(`probes agree with the oracle: ${name}`, () => {
      withBoth(suite, spec, (network, oracle) => {
        for (const count of [8, 3]) {
          const batch = makeBatch(spec, count)
          for (const options of probes) {
            const what = `${count} images, ${options.objective}, batch norm ${options.batchNorm}`
            expectProbe(spec, count, network.probe(batch, options), oracle.probe(batch, options), what)
          }
        }
      })
    })
  }

  for (const [name, spec] of conformanceNetworks) {
    suite.check(`gradients nearby, with the present pattern of ReLUs, agree with the oracle: ${name}`, () => {
      withBoth(suite, spec, (network, oracle) => {
        const batch = makeBatch(spec, 5)
        const rng = createRng('conformance', 'points')
        const { parameters } = makeWeights(spec)
        const points = [0.2, 0, 0.1].map((distance) => parameters.map((value) => value + distance * rng.normal()))
        const actual = network.gradientsNear(batch, points)
        const expected = oracle.gradientsNear(batch, points)
        expect(actual.length).toBe(3)
        expected.forEach((gradients, i) => {
          expectParameters(spec, actual[i] as Float32Array, gradients, `point ${i}`)
        })
        expectParameters(spec, actual[1] as Float32Array, network.gradients(batch), 'here')
        expect(network.weights()).toEqual(makeWeights(spec))
      })
    })
  }

  suite.check('the usual gradients are one of the probes', () => {
    const spec = cellNetwork(3)
    withNetwork(suite, spec, (network) => {
      const batch = makeBatch(spec, 8)
      const { parameters, exponent } = network.probe(batch, {
        objective: 'cross-entropy',
        batchNorm: 'batch',
        targets: ['parameters'],
      })
      expect(exponent).toBe(0)
      expectParameters(spec, parameters, network.gradients(batch), 'probe', { limit: 1e-6 })
    })
  })

  suite.check('a probe gives what was asked for, and leaves the network as it was', () => {
    const spec = cellNetwork(3)
    withNetwork(suite, spec, (network) => {
      const batch = makeBatch(spec, 5)
      const before = network.gradients(batch)
      for (const options of probes) {
        for (const targets of [[], ['parameters'], ['inputs'], ['outputs'], allTargets] as const) {
          const { parameters, inputs, outputs } = network.probe(batch, { ...options, targets })
          const has = (target: (typeof allTargets)[number]) => targets.some((wanted) => wanted === target)
          expect(parameters.length).toBe(has('parameters') ? before.length : 0)
          expect(inputs.length).toBe(has('inputs') ? batch.images.length : 0)
          expect(outputs.length).toBe(has('outputs') ? 5 * outputCount(spec) : 0)
        }
      }
      expect(network.weights()).toEqual(makeWeights(spec))
      expect(network.gradients(batch)).toEqual(before)
    })
  })

  suite.check('a logit sum without batch norm keeps its gradients where values exceed float32', () => {
    const spec = deepNetwork(40)
    withDeep(suite, spec, (network, oracle) => {
      const batch = { images: new Float32Array(3 * 6 * 6).fill(1), labels: new Int32Array(1), count: 1 }
      const options = { objective: 'logit-sum', batchNorm: 'bypass', targets: allTargets } as const
      const actual = network.probe(batch, options)
      expect(actual.exponent).toBeGreaterThan(127)
      expectProbe(spec, 1, actual, oracle.probe(batch, options), 'deep')
    })
  })

  suite.check('EngineError: a probe of what there is not, gradients nowhere', () => {
    const spec = cellNetwork(1)
    withNetwork(suite, spec, (network) => {
      const batch = makeBatch(spec, 4)
      const good: ProbeOptions = { objective: 'logit-sum', batchNorm: 'batch', targets: [] }
      for (const bad of [
        null,
        3,
        {},
        { ...good, objective: 'accuracy' },
        { ...good, batchNorm: 'running' },
        { ...good, targets: ['weights'] },
        { ...good, targets: 'inputs' },
        { ...good, targets: undefined },
      ]) {
        expect(() => network.probe(batch, wrong<ProbeOptions>(bad)), JSON.stringify(bad)).toThrow(EngineError)
      }
      expect(() => network.probe({ ...batch, count: 5 }, good)).toThrow(EngineError)
      const { parameters } = makeWeights(spec)
      for (const points of [null, [], parameters, [parameters, parameters.subarray(1)], [[...parameters]]]) {
        expect(() => network.gradientsNear(batch, wrong<Float32Array[]>(points))).toThrow(EngineError)
      }
      expect(network.evaluate(batch).loss).toBeGreaterThan(0)
    })
  })
}

/** Cells of a convolution beside a skip: 40 of them with the weights below grow by some 2^150. */
function deepNetwork(cells: number): NetworkSpec {
  const shape = [8, 6, 6] as const
  const nodes = Array.from({ length: 2 * cells }, () => shape)
  const edges = Array.from({ length: cells }, (_, cell) => {
    const input = 1 + 2 * cell
    return [conv(input, input + 1), conv(input + 1, input + 2), skip(input, input + 2)]
  }).flat()
  return buildNetwork([[3, 6, 6], shape, ...nodes], [stem(), ...edges])
}

/** As synaptic flow has them: every weight positive. */
function withDeep(
  suite: EngineSuite,
  spec: NetworkSpec,
  body: (network: TrainableNetwork, oracle: TrainableNetwork) => void,
): void {
  const { parameters, ...statistics } = makeWeights(spec)
  const weights: NetworkWeights = { ...statistics, parameters: parameters.map(Math.abs) }
  const oracle = suite.oracle().create(spec, weights)
  try {
    withNetwork(suite, spec, (network) => body(network, oracle), weights)
  } finally {
    oracle.dispose()
  }
}

/** Fails unless two results are the same, whatever power of two each took out. */
function expectProbe(spec: NetworkSpec, count: number, actual: ProbeResult, expected: ProbeResult, what: string): void {
  const scaled = (values: Float32Array) => values.map((value) => value * 2 ** (actual.exponent - expected.exponent))
  // A sum of logits hardly depends on what a batch norm before the classifier takes out again: gradients of it are sums of
  // large terms that cancel, and engines differ in their rounding.
  expectParameters(spec, scaled(actual.parameters), expected.parameters, `${what}: parameters`, { leastScale: 0.05 })
  expectValues(scaled(actual.inputs), expected.inputs, `${what}: inputs`, tolerance, scaleOf(expected.inputs))
  const [outputs, expectedOutputs] = [scaled(actual.outputs), expected.outputs]
  expect(outputs.length).toBe(expectedOutputs.length)
  const row = outputCount(spec)
  const least = 0.01 * largest(expectedOutputs)
  const parts = [
    ...parameterLayout(spec).parameters.filter(({ kind }) => kind === 'conv' || kind === 'linear-weight'),
  ].map(({ name, shape }) => ({ name, channels: shape[0] as number }))
  let first = 0
  for (const { name, channels } of parts) {
    const part = (values: Float32Array) => values.filter((_, i) => i % row >= first && i % row < first + channels)
    const scale = Math.max(least, largest(part(expectedOutputs)))
    expectValues(part(outputs), part(expectedOutputs), `${what}: outputs of ${name}, ${count}`, tolerance, scale)
    first += channels
  }
}

/** A gradient that is zero by symmetry is rounding only. */
function scaleOf(values: Float32Array): number {
  return Math.max(1e-5, largest(values))
}
