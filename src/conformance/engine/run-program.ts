import { expect } from 'vitest'
import type { Batch, Engine, FeatureBatch, TrainableNetwork } from '../../engines/engine.js'
import { type NetworkSpec, nodeSize } from '../../networks/network-spec.js'
import { frozenPrefix, parameterLayout } from '../../networks/parameters.js'
import { initialWeights, type NetworkWeights } from '../../networks/weights.js'
import { EngineError } from '../../platform/errors.js'
import { createRng } from '../../platform/rng.js'
import type { Operation, Program } from './arbitrary-program.js'
import { type Call, observe, type Quantity } from './observe.js'
import { Float64Network } from './oracle.js'
import { largest, makeBatch, tolerance, usualOptions } from './suite.js'

/** How many calls of a program were compared, and whether it ended early at a call whose result rounding decides. */
export interface ProgramResult {
  readonly compared: number
  readonly chaotic: boolean
}

/**
 * Runs a program on a network of `engine` and on the double precision oracle. Fails where a call gives another result,
 * moves a weight that it should leave alone, or works on features while nothing is frozen.
 *
 * After each call both go on from the oracle's weights, so that small differences do not add up.
 */
export function runProgram(engine: Engine, { spec, weights, operations }: Program): ProgramResult {
  const start = randomWeights(spec, weights)
  const oracle = new Float64Network(spec, start)
  const network = engine.create(spec, start)
  let frozen: string | null = null
  let compared = 0
  try {
    for (const [index, operation] of operations.entries()) {
      const what = `call ${index + 1}, ${operation.call}`
      if (operation.call === 'freezeUpTo' || operation.call === 'unfreeze') {
        frozen = operation.call === 'unfreeze' ? null : cutOf(spec, operation.cut)
        const mode = operation.call === 'unfreeze' ? 'batch' : operation.mode
        for (const each of [network, oracle]) each.freezeUpTo(frozen, mode)
      } else if (operation.call === 'setWeights') {
        for (const each of [network, oracle]) each.setWeights(randomWeights(spec, operation.weights))
      } else {
        const call = prepare(operation, oracle, frozen)
        if (call === null) {
          expectRefusal(operation, network, what)
          continue
        }
        if (!expectSameResult(network, oracle, call, frozen, what)) return { compared, chaotic: true }
        compared++
        const settled = oracle.weights()
        for (const each of [network, oracle]) each.setWeights(settled)
      }
    }
    return { compared, chaotic: false }
  } finally {
    network.dispose()
  }
}

/** Initial weights with every parameter and running statistic away from its special value of 0 or 1. */
function randomWeights(spec: NetworkSpec, seed: number): NetworkWeights {
  const rng = createRng('program', 'weights', seed)
  const { parameters, runningMean, runningVariance } = initialWeights(spec, rng)
  for (const { kind, offset, size } of parameterLayout(spec).parameters) {
    if (kind !== 'bn-gamma' && kind !== 'bn-beta') continue
    parameters.subarray(offset, offset + size).forEach((value, i) => {
      parameters[offset + i] = value + 0.3 * rng.normal()
    })
  }
  return {
    parameters,
    runningMean: runningMean.map(() => 0.3 * rng.normal()),
    runningVariance: runningVariance.map(() => 0.5 + rng.next()),
  }
}

type ComparedOperation = Exclude<Operation, { readonly call: 'freezeUpTo' | 'unfreeze' | 'setWeights' }>

/** Makes the arguments of a call; null if it needs features, or a cut, and there are none. */
function prepare(operation: ComparedOperation, oracle: Float64Network, frozen: string | null): Call | null {
  const { spec } = oracle
  const batch = makeBatch(spec, operation.count, operation.batch)
  switch (operation.call) {
    case 'trainStep':
      return { call: operation.call, batch, options: operation.options }
    case 'featuresAt': {
      const cut = cutOf(spec, operation.cut)
      return { call: operation.call, batch, cut, mode: operation.mode }
    }
    case 'trainTailStep':
      if (frozen === null) return null
      return { call: operation.call, batch: featuresOf(oracle, frozen, batch), options: operation.options }
    case 'evaluateTail':
      return frozen === null ? null : { call: operation.call, batch: featuresOf(oracle, frozen, batch) }
    default:
      return { call: operation.call, batch }
  }
}

function featuresOf(oracle: Float64Network, cut: string, { images, labels, count }: Batch): FeatureBatch {
  return { features: oracle.featuresAt(cut, images, count, 'running'), labels, count }
}

/** Every network has one: its head. */
function cutOf(spec: NetworkSpec, number: number): string {
  const cut = spec.cuts[number % spec.cuts.length]
  if (cut === undefined) throw new RangeError('the network has no cut')
  return cut.name
}

/** Features, here of the size of the head's, are refused while nothing is frozen. */
function expectRefusal(operation: ComparedOperation, network: TrainableNetwork, what: string): void {
  const { spec } = network
  const node = spec.nodes[spec.head.node]
  if (node === undefined) throw new RangeError('the head is no node')
  const { labels, count } = makeBatch(spec, operation.count, operation.batch)
  const batch = { features: new Float32Array(count * nodeSize(node)), labels, count }
  const use = () =>
    operation.call === 'trainTailStep' ? network.trainTailStep(batch, usualOptions) : network.evaluateTail(batch)
  expect(use, `${what} while nothing is frozen`).toThrow(EngineError)
}

/**
 * Makes `call` on both and compares everything that came of it. Returns false where it cannot be compared.
 *
 * Rounding makes two correct engines differ by more than the tolerance where a batch norm meets maps of hardly any
 * variance, or a ReLU a value of hardly any size. Whether that is so here, the oracle tells: it makes the call again
 * with every intermediate result off by some float32 roundings, and how far that moves a result tells how far the engine
 * may be off.
 */
function expectSameResult(
  network: TrainableNetwork,
  oracle: Float64Network,
  call: Call,
  frozen: string | null,
  what: string,
): boolean {
  const before = network.weights()
  const [earlier, exact] = [oracle.copy(), observe(oracle, call)]
  const found = observe(network, call)
  expectUntouched(network, before, call, frozen, what)

  const off = deviations(found, exact)
  if (off.every((deviation, i) => deviation <= tolerance * (exact[i]?.scale ?? 0))) return true
  const moved = Array.from({ length: 6 }, (_, i) => observe(earlier.inexact(roundings, createRng('inexact', i)), call))
  const allowed = exact.map(({ scale }, i) => {
    const largestMove = Math.max(...moved.map((each) => deviations(each, exact)[i] as number))
    return tolerance * scale + 10 * largestMove
  })
  exact.forEach(({ name }, i) => {
    expect(off[i], `${what}: ${name} is off by, more than rounding explains`).toBeLessThanOrEqual(allowed[i] as number)
  })
  return false
}

/** What sums of many terms may lose: sixteen float32 roundings, of 2^-24 each. */
const roundings = 16 * 2 ** -24

/** Only training steps, and features in batch mode, change a network; a frozen trunk keeps its parameters bit for bit. */
function expectUntouched(
  network: TrainableNetwork,
  before: NetworkWeights,
  call: Call,
  frozen: string | null,
  what: string,
): void {
  const after = network.weights()
  const isTraining = call.call === 'trainStep' || call.call === 'trainTailStep'
  const isUpdating = call.call === 'featuresAt' && call.mode === 'batch'
  if (!isTraining && !isUpdating) {
    expectEqual(after.runningMean, before.runningMean, `${what}: running means`)
    expectEqual(after.runningVariance, before.runningVariance, `${what}: running variances`)
  }
  const node = network.spec.cuts.find(({ name }) => name === frozen)?.node ?? 0
  const kept = isTraining ? frozenPrefix(network.spec, node).parameters : before.parameters.length
  expectEqual(after.parameters.subarray(0, kept), before.parameters.subarray(0, kept), `${what}: parameters`)
}

function expectEqual(actual: Float32Array, expected: Float32Array, what: string): void {
  const same = actual.length === expected.length && actual.every((value, i) => value === expected[i])
  expect(same, `${what} are left alone`).toBe(true)
}

/** How far each quantity is from what is expected; NaN, which no tolerance admits, where either is NaN. */
function deviations(found: readonly Quantity[], expected: readonly Quantity[]): number[] {
  return expected.map(({ name, values }, i) => {
    const other = found[i]?.values ?? []
    expect(other.length, `length of ${name}`).toBe(values.length)
    return largest(Array.from(values, (value, j) => value - (other[j] as number)))
  })
}
