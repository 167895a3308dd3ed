import type {
  Batch,
  EnginePhases,
  EvaluationResult,
  FeatureBatch,
  FrozenBatchNorm,
  ProbeOptions,
  ProbeResult,
  ProbeTarget,
  StepOptions,
  StepResult,
  TrainableNetwork,
} from '../../engines/engine.js'
import type { NetworkSpec } from '../../networks/network-spec.js'
import { frozenPrefix, outputCount, parameterLayout } from '../../networks/parameters.js'
import type { NetworkWeights } from '../../networks/weights.js'
import type { Rng } from '../../platform/rng.js'
import { crossEntropy, type Maps } from './oracle-operations.js'
import { nodeOf, type OracleNumbers, OraclePass, type PassMode, type PassOptions } from './oracle-pass.js'
import { sgdReference } from './sgd-reference.js'

/** What the conformance suite asks of an oracle. */
export interface OracleEngine {
  create(spec: NetworkSpec, weights: NetworkWeights): TrainableNetwork
}

/**
 * An engine in double precision that shares no code with the engines under test. It checks nothing: oracles are only
 * given what is right.
 */
export const float64Engine: OracleEngine = {
  create: (spec, weights) => new Float64Network(spec, weights),
}

export class Float64Network implements TrainableNetwork {
  readonly spec: NetworkSpec
  readonly #numbers: OracleNumbers
  #velocity: Float64Array
  #frozen: { node: number; batchNorm: FrozenBatchNorm } | null = null
  /** null: exact, but for double precision. */
  #round: ((values: Float64Array) => Float64Array) | null = null

  constructor(spec: NetworkSpec, weights: NetworkWeights) {
    this.spec = spec
    const { length } = weights.parameters
    this.#numbers = {
      spec,
      layout: parameterLayout(spec),
      parameters: Float64Array.from(weights.parameters),
      gradient: new Float64Array(length),
      mean: Float64Array.from(weights.runningMean),
      variance: Float64Array.from(weights.runningVariance),
    }
    this.#velocity = new Float64Array(length)
  }

  trainStep({ images, labels, count }: Batch, options: StepOptions): StepResult {
    const input = this.#maps(0, images, count)
    if (this.#frozen === null) return this.#step(0, input, labels, options)
    const { node, batchNorm } = this.#frozen
    return this.#step(node, this.#pass(batchNorm).runNodes(0, input, node).value, labels, options)
  }

  freezeUpTo(cut: string | null, batchNorm: FrozenBatchNorm = 'batch'): void {
    this.#frozen = cut === null ? null : { node: this.#cutNode(cut), batchNorm }
    this.#velocity.fill(0)
  }

  featuresAt(cut: string, images: Float32Array, count: number, batchNorm: FrozenBatchNorm): Float32Array {
    const { value } = this.#pass(batchNorm).runNodes(0, this.#maps(0, images, count), this.#cutNode(cut))
    return Float32Array.from(value.data)
  }

  trainTailStep({ features, labels, count }: FeatureBatch, options: StepOptions): StepResult {
    const node = this.#frozen?.node ?? 0
    return this.#step(node, this.#maps(node, features, count), labels, options)
  }

  evaluate({ images, labels, count }: Batch): EvaluationResult {
    const { loss, correct } = crossEntropy(this.#infer(0, images, count), labels)
    return { loss, correct, count }
  }

  evaluateTail({ features, labels, count }: FeatureBatch): EvaluationResult {
    const node = this.#frozen?.node ?? 0
    const { loss, correct } = crossEntropy(this.#infer(node, features, count), labels)
    return { loss, correct, count }
  }

  logits(images: Float32Array, count: number): Float32Array {
    return Float32Array.from(this.#infer(0, images, count).data)
  }

  gradients({ images, labels, count }: Batch): Float32Array {
    this.#lossAndGradient(0, this.#maps(0, images, count), labels, this.#pass('batch-only'))
    return Float32Array.from(this.#numbers.gradient)
  }

  probe({ images, labels, count }: Batch, { objective, batchNorm, targets }: ProbeOptions): ProbeResult {
    const outputs = new Float64Array(count * outputCount(this.spec))
    const { gradient } = this.#numbers
    gradient.fill(0)
    const pass = this.#pass(batchNorm === 'bypass' ? 'bypass' : 'batch-only', { outputs })
    const { value: logits, backward } = pass.run(0, this.#maps(0, images, count))
    const slope =
      objective === 'cross-entropy'
        ? crossEntropy(logits, labels).gradient
        : new Float64Array(logits.data.length).fill(1)
    pass.takeOutputs(null, logits, slope)
    const inputs = backward(slope)
    // So that float32 holds them.
    const largest = [gradient, inputs, outputs].flatMap((values) => [...values]).reduce(greaterMagnitude, 0)
    const isScaled = objective === 'logit-sum' && batchNorm === 'bypass' && largest > 0
    const exponent = isScaled ? Math.floor(Math.log2(largest)) : 0
    const told = (target: ProbeTarget, values: Float64Array) =>
      Float32Array.from(targets.includes(target) ? values : [], (value) => value / 2 ** exponent)
    return {
      parameters: told('parameters', gradient),
      inputs: told('inputs', inputs),
      outputs: told('outputs', outputs),
      exponent,
    }
  }

  gradientsNear({ images, labels, count }: Batch, points: readonly Float32Array[]): Float32Array[] {
    const { parameters, gradient } = this.#numbers
    const present = parameters.slice()
    return points.map((point) => {
      const pattern = { inputs: [], isKept: false }
      const pass = this.#pass('batch-only', { pattern })
      pass.run(0, this.#maps(0, images, count))
      pattern.isKept = true
      parameters.set(point)
      this.#lossAndGradient(0, this.#maps(0, images, count), labels, pass)
      parameters.set(present)
      return Float32Array.from(gradient)
    })
  }

  /** Loss in double precision with batch statistics, nothing changed: what finite differences are taken of. */
  loss({ images, labels, count }: Batch): number {
    return crossEntropy(this.#pass('batch-only').run(0, this.#maps(0, images, count)).value, labels).loss
  }

  /**
   * A copy of this network, momentum buffers and what is frozen included, that computes as if in a lesser precision:
   * every value, statistic and gradient that comes of an operation is off by a factor of 1 - `relative` or 1 + `relative`.
   */
  inexact(relative: number, rng: Rng): Float64Network {
    const copy = this.copy()
    copy.#round = (values) => values.map((value) => value * (1 + (rng.next() < 0.5 ? relative : -relative)))
    return copy
  }

  copy(): Float64Network {
    const copy = new Float64Network(this.spec, this.weights())
    copy.#numbers.parameters.set(this.#numbers.parameters)
    copy.#numbers.mean.set(this.#numbers.mean)
    copy.#numbers.variance.set(this.#numbers.variance)
    copy.#velocity.set(this.#velocity)
    copy.#frozen = this.#frozen
    return copy
  }

  /** Adds `delta` to one parameter, without rounding. */
  perturb(index: number, delta: number): void {
    const { parameters } = this.#numbers
    parameters[index] = (parameters[index] ?? 0) + delta
  }

  weights(): NetworkWeights {
    const { parameters, mean, variance } = this.#numbers
    return {
      parameters: Float32Array.from(parameters),
      runningMean: Float32Array.from(mean),
      runningVariance: Float32Array.from(variance),
    }
  }

  setWeights({ parameters, runningMean, runningVariance }: NetworkWeights): void {
    this.#numbers.parameters.set(parameters)
    this.#numbers.mean.set(runningMean)
    this.#numbers.variance.set(runningVariance)
  }

  phases(): EnginePhases {
    return {}
  }

  memoryBytes(): number {
    return 8 * (3 * this.#numbers.parameters.length + 2 * this.#numbers.mean.length)
  }

  dispose(): void {
    this.#velocity = new Float64Array(0)
  }

  #step(node: number, input: Maps, labels: Int32Array, options: StepOptions): StepResult {
    const result = this.#lossAndGradient(node, input, labels, this.#pass('batch'))
    const frozen = this.#frozen === null ? 0 : frozenPrefix(this.spec, this.#frozen.node).parameters
    const { parameters, gradient } = this.#numbers
    const trainable = (values: Float64Array) => values.subarray(frozen)
    sgdReference(trainable(parameters), trainable(this.#velocity), trainable(gradient), options)
    return result
  }

  #lossAndGradient(node: number, input: Maps, labels: Int32Array, pass: OraclePass): StepResult {
    this.#numbers.gradient.fill(0)
    const { value, backward } = pass.run(node, input)
    const { loss, correct, gradient } = crossEntropy(value, labels)
    backward(gradient)
    return { loss, correct }
  }

  /** The logits, by running statistics. */
  #infer(node: number, values: Float32Array, count: number): Maps {
    return this.#pass('running').run(node, this.#maps(node, values, count)).value
  }

  #pass(mode: PassMode, options: PassOptions = {}): OraclePass {
    return new OraclePass(this.#numbers, mode, { round: this.#round, ...options })
  }

  #maps(node: number, values: Float32Array, count: number): Maps {
    const { channels, height, width } = nodeOf(this.spec, node)
    return { data: Float64Array.from(values), count, channels, height, width }
  }

  #cutNode(name: string): number {
    const cut = this.spec.cuts.find((candidate) => candidate.name === name)
    if (cut === undefined) throw new RangeError(`no cut ${name}`)
    return cut.node
  }
}

function greaterMagnitude(largest: number, value: number): number {
  return Math.max(largest, Math.abs(value))
}
