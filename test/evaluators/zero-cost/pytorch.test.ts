import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { float64Engine } from '../../../src/conformance/index.js'
import type { Engine } from '../../../src/engines/engine.js'
import { loadTfjsCpuEngine } from '../../../src/engines/tfjs/tfjs-cpu-engine.js'
import { loadWasmEngine } from '../../../src/engines/wasm/wasm-engine.js'
import type { MeasureInput, MeasureName } from '../../../src/evaluators/zero-cost/measure.js'
import { measures } from '../../../src/evaluators/zero-cost/registry.js'
import type { NetworkSpec } from '../../../src/networks/network-spec.js'
import { parameterLayout } from '../../../src/networks/parameters.js'
import { initialWeights, type NetworkWeights } from '../../../src/networks/weights.js'
import { createRng } from '../../../src/platform/rng.js'
import { natsTss } from '../../../src/spaces/nats-tss/index.js'
import { nativeEngine } from '../support/engines.js'

interface Reference {
  readonly architecture: string
  readonly channels: number
  readonly cells: number
  readonly size: number
  readonly inputChannels: number
  readonly batch: number
  readonly measures: Readonly<Partial<Record<MeasureName, number>>>
}

// Made by pytorch-reference.py beside it.
const references = JSON.parse(
  readFileSync(new URL('./pytorch-reference.json', import.meta.url), 'utf8'),
) as readonly Reference[]

const small = references.filter(({ channels }) => channels === 4)
const deep = references.filter(({ channels }) => channels === 16)

const wasm = loadWasmEngine()
const native = await nativeEngine("zero-cost measures against PyTorch's on the native engine")
const compiled: readonly [string, Engine][] = [
  ['wasm', wasm],
  ...(native === null ? [] : [['native', native] as const satisfies [string, Engine]]),
]
const engines: readonly [string, Pick<Engine, 'create'>][] = [
  ['double precision', float64Engine],
  ['tfjs-cpu', await loadTfjsCpuEngine()],
  ...compiled,
]

describe.each(engines)('zero-cost measures on the engine %s', (_, engine) => {
  it.each(small)("are PyTorch's in double precision: $cells of $architecture", (reference) => {
    const input = inputOf(engine, reference)
    for (const [name, error] of errorsOf(input, reference)) {
      expect(error, `${name}: relative error`).toBeLessThan(name === 'grasp' ? 1e-3 : 1e-4)
    }
    expect(input.network.weights()).toEqual(input.weights)
    input.network.dispose()
  })
})

// Rounding decides on which side of zero a few units of so many lie; plain and grasp are small sums of large terms.
describe.each(compiled)('zero-cost measures of deep networks on the engine %s', (_, engine) => {
  it.each(deep)("are PyTorch's in double precision: $cells of $architecture", (reference) => {
    const input = inputOf(engine, reference)
    const errors = errorsOf(input, reference)
    for (const [name, error] of errors) {
      expect(error, `${name}: relative error`).toBeLessThan(['plain', 'grasp'].includes(name) ? 1e-2 : 1e-3)
    }
    input.network.dispose()
  })
})

it('are all compared but for those that need no engine', () => {
  const compared = Object.keys(references[0]?.measures ?? {})
  expect(measures.map(({ name }) => name).filter((name) => !compared.includes(name))).toEqual(['params', 'flops'])
})

/** What float32 loses of each measure, and for grasp what its difference quotient errs by as well. */
function errorsOf(input: MeasureInput, reference: Reference): [MeasureName, number][] {
  return measures.flatMap(({ name, measure }): [MeasureName, number][] => {
    const expected = reference.measures[name]
    return expected === undefined ? [] : [[name, Math.abs(measure(input) / expected - 1)]]
  })
}

function inputOf(engine: Pick<Engine, 'create'>, reference: Reference): MeasureInput {
  const { architecture, channels, cells, size, inputChannels, batch: count } = reference
  const input = { channels: inputChannels, height: size, width: size }
  const spec = natsTss.network(architecture, { channels, cells, input, classes: 10 })
  const weights = scatteredWeights(spec)
  const batch = {
    images: scattered(count * inputChannels * size * size, 0),
    labels: Int32Array.from({ length: count }, (_, i) => i % 10),
    count,
  }
  return { network: engine.create(spec, weights), weights, batch }
}

/** As good as uniform in -1..1, times `factor`. */
function scattered(count: number, seed: number, factor = 1): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => {
    const wild = 43758.5453 * Math.sin(12.9898 * (i + 1) + seed)
    return Math.fround(2 * (wild - Math.floor(wild)) - 1) * factor
  })
}

/** Batch norms as they begin; no bias. */
function scatteredWeights(spec: NetworkSpec): NetworkWeights {
  const weights = initialWeights(spec, createRng('unused'))
  for (const { kind, shape, offset, size } of parameterLayout(spec).parameters) {
    if (kind === 'linear-bias') weights.parameters.fill(0, offset, offset + size)
    if (kind !== 'conv' && kind !== 'linear-weight') continue
    const fanIn = size / (shape[0] as number)
    weights.parameters.set(scattered(size, fanIn, 1 / Math.sqrt(fanIn)), offset)
  }
  return weights
}
