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
import type { EdgeSpec, NetworkSpec } from '../../networks/network-spec.js'
import { frozenPrefix, outputCount, type ParameterKind, parameterLayout } from '../../networks/parameters.js'
import type { NetworkWeights } from '../../networks/weights.js'
import type { Rng } from '../../platform/rng.js'
import {
  addTo,
  averagePool,
  classifier,
  convolve,
  crossEntropy,
  type Maps,
  normalise,
  type Operation,
  type Parameter,
  relu,
  reluAsBefore,
  type Statistics,
  statisticsOf,
  zeros,
} from './oracle-operations.js'
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

type Mode = 'batch' | 'batch-only' | 'running' | 'bypass'

export class Float64Network implements TrainableNetwork {
  readonly spec: NetworkSpec
  readonly #layout
  readonly #parameters: Float64Array
  readonly #gradient: Float64Array
  readonly #mean: Float64Array
  readonly #variance: Float64Array
  #velocity: Float64Array
  #frozen: { node: number; batchNorm: FrozenBatchNorm } | null = null
  /** The inputs of all ReLUs in the order of their use; then, if it is kept, what those still to be used were before. */
  #pattern: { readonly inputs: Float64Array[]; isKept: boolean } | null = null
  /** What a probe under way is told of outputs and their gradients. */
  #outputs: Float64Array | null = null
  /** null: exact, but for double precision. */
  #round: ((values: Float64Array) => Float64Array) | null = null

  constructor(spec: NetworkSpec, weights: NetworkWeights) {
    this.spec = spec
    this.#layout = parameterLayout(spec)
    this.#parameters = Float64Array.from(weights.parameters)
    this.#mean = Float64Array.from(weights.runningMean)
    this.#variance = Float64Array.from(weights.runningVariance)
    this.#gradient = new Float64Array(this.#parameters.length)
    this.#velocity = new Float64Array(this.#parameters.length)
  }

  trainStep({ images, labels, count }: Batch, options: StepOptions): StepResult {
    const input = this.#maps(0, images, count)
    if (this.#frozen === null) return this.#step(0, input, labels, options)
    const { node, batchNorm } = this.#frozen
    return this.#step(node, this.#runNodes(0, input, node, batchNorm).value, labels, options)
  }

  freezeUpTo(cut: string | null, batchNorm: FrozenBatchNorm = 'batch'): void {
    this.#frozen = cut === null ? null : { node: this.#cutNode(cut), batchNorm }
    this.#velocity.fill(0)
  }

  featuresAt(cut: string, images: Float32Array, count: number, batchNorm: FrozenBatchNorm): Float32Array {
    const { value } = this.#runNodes(0, this.#maps(0, images, count), this.#cutNode(cut), batchNorm)
    return Float32Array.from(value.data)
  }

  trainTailStep({ features, labels, count }: FeatureBatch, options: StepOptions): StepResult {
    const node = this.#frozen?.node ?? 0
    return this.#step(node, this.#maps(node, features, count), labels, options)
  }

  evaluate({ images, labels, count }: Batch): EvaluationResult {
    const { loss, correct } = crossEntropy(this.#forward(0, this.#maps(0, images, count), 'running').value, labels)
    return { loss, correct, count }
  }

  evaluateTail({ features, labels, count }: FeatureBatch): EvaluationResult {
    const node = this.#frozen?.node ?? 0
    const logits = this.#forward(node, this.#maps(node, features, count), 'running').value
    const { loss, correct } = crossEntropy(logits, labels)
    return { loss, correct, count }
  }

  logits(images: Float32Array, count: number): Float32Array {
    return Float32Array.from(this.#forward(0, this.#maps(0, images, count), 'running').value.data)
  }

  gradients({ images, labels, count }: Batch): Float32Array {
    this.#lossAndGradient(0, this.#maps(0, images, count), labels, 'batch-only')
    return Float32Array.from(this.#gradient)
  }

  probe({ images, labels, count }: Batch, { objective, batchNorm, targets }: ProbeOptions): ProbeResult {
    const outputs = new Float64Array(count * outputCount(this.spec))
    this.#outputs = outputs
    this.#gradient.fill(0)
    const mode = batchNorm === 'bypass' ? 'bypass' : 'batch-only'
    const pass = this.#forward(0, this.#maps(0, images, count), mode)
    const logits = pass.value
    const slope =
      objective === 'cross-entropy'
        ? crossEntropy(logits, labels).gradient
        : new Float64Array(logits.data.length).fill(1)
    this.#takeOutputs(this.#outputsBefore(null), logits, slope)
    const inputs = pass.backward(slope)
    this.#outputs = null
    // So that float32 holds them.
    const largest = [this.#gradient, inputs, outputs].flatMap((values) => [...values]).reduce(greaterMagnitude, 0)
    const isScaled = objective === 'logit-sum' && batchNorm === 'bypass' && largest > 0
    const exponent = isScaled ? Math.floor(Math.log2(largest)) : 0
    const told = (target: ProbeTarget, values: Float64Array) =>
      Float32Array.from(targets.includes(target) ? values : [], (value) => value / 2 ** exponent)
    return {
      parameters: told('parameters', this.#gradient),
      inputs: told('inputs', inputs),
      outputs: told('outputs', outputs),
      exponent,
    }
  }

  gradientsNear({ images, labels, count }: Batch, points: readonly Float32Array[]): Float32Array[] {
    const present = this.#parameters.slice()
    const gradients = points.map((point) => {
      this.#pattern = { inputs: [], isKept: false }
      this.#forward(0, this.#maps(0, images, count), 'batch-only')
      this.#pattern.isKept = true
      this.#parameters.set(point)
      this.#lossAndGradient(0, this.#maps(0, images, count), labels, 'batch-only')
      this.#parameters.set(present)
      return Float32Array.from(this.#gradient)
    })
    this.#pattern = null
    return gradients
  }

  /** Loss in double precision with batch statistics, nothing changed: what finite differences are taken of. */
  loss({ images, labels, count }: Batch): number {
    return crossEntropy(this.#forward(0, this.#maps(0, images, count), 'batch-only').value, labels).loss
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
    copy.#parameters.set(this.#parameters)
    copy.#mean.set(this.#mean)
    copy.#variance.set(this.#variance)
    copy.#velocity.set(this.#velocity)
    copy.#frozen = this.#frozen
    return copy
  }

  /** Adds `delta` to one parameter, without rounding. */
  perturb(index: number, delta: number): void {
    this.#parameters[index] = (this.#parameters[index] ?? 0) + delta
  }

  weights(): NetworkWeights {
    return {
      parameters: Float32Array.from(this.#parameters),
      runningMean: Float32Array.from(this.#mean),
      runningVariance: Float32Array.from(this.#variance),
    }
  }

  setWeights({ parameters, runningMean, runningVariance }: NetworkWeights): void {
    this.#parameters.set(parameters)
    this.#mean.set(runningMean)
    this.#variance.set(runningVariance)
  }

  phases(): EnginePhases {
    return {}
  }

  memoryBytes(): number {
    return 8 * (3 * this.#parameters.length + 2 * this.#mean.length)
  }

  dispose(): void {
    this.#velocity = new Float64Array(0)
  }

  #step(node: number, input: Maps, labels: Int32Array, options: StepOptions): StepResult {
    const result = this.#lossAndGradient(node, input, labels, 'batch')
    const frozen = this.#frozen === null ? 0 : frozenPrefix(this.spec, this.#frozen.node).parameters
    const trainable = (values: Float64Array) => values.subarray(frozen)
    sgdReference(trainable(this.#parameters), trainable(this.#velocity), trainable(this.#gradient), options)
    return result
  }

  #lossAndGradient(node: number, input: Maps, labels: Int32Array, mode: Mode): StepResult {
    this.#gradient.fill(0)
    const { value, backward } = this.#forward(node, input, mode)
    const { loss, correct, gradient } = crossEntropy(value, labels)
    backward(gradient)
    return { loss, correct }
  }

  #forward(node: number, input: Maps, mode: Mode): Operation {
    const body = this.#runNodes(node, input, this.spec.head.node, mode)
    const normalised = this.#normalise(body.value, null, mode)
    const activated = this.#relu(normalised.value)
    const head = this.#rounded(
      classifier(activated.value, this.#parameter(null, 'linear-weight'), this.#parameter(null, 'linear-bias')),
    )
    return {
      value: head.value,
      backward: (dy) => body.backward(normalised.backward(activated.backward(head.backward(dy)))),
    }
  }

  /** Nodes after `start` up to `end`. The gradient returned is that of the value of `start`. */
  #runNodes(start: number, input: Maps, end: number, mode: Mode): Operation {
    const values = new Map([[start, input]])
    const ran: { edge: EdgeSpec; operation: Operation }[] = []
    for (let node = start + 1; node <= end; node++) {
      const { channels, height, width } = this.#node(node)
      const value = zeros(input.count, channels, height, width)
      this.spec.edges.forEach((edge, index) => {
        const source = values.get(edge.from)
        if (edge.to !== node || source === undefined) return
        const operation = this.#runEdge(edge, index, source, mode)
        addTo(value.data, operation.value.data)
        ran.push({ edge, operation })
      })
      values.set(node, value)
    }
    return {
      value: values.get(end) ?? input,
      backward(dy) {
        const gradients = new Map<number, Float64Array>(
          [...values].map(([node, { data }]) => [node, new Float64Array(data.length)]),
        )
        gradients.set(end, dy)
        for (const { edge, operation } of ran.toReversed()) {
          const [output, source] = [gradients.get(edge.to), gradients.get(edge.from)]
          if (output !== undefined && source !== undefined) addTo(source, operation.backward(output))
        }
        return gradients.get(start) ?? dy
      },
    }
  }

  #runEdge(edge: EdgeSpec, index: number, x: Maps, mode: Mode): Operation {
    if (edge.op === 'skip') return { value: x, backward: (dy) => dy }
    if (edge.op === 'avg-pool') return this.#rounded(averagePool(x, edge.kernel))
    const identity: Operation = { value: x, backward: (dy) => dy }
    const activated = edge.relu ? this.#relu(x) : identity
    const weight = this.#parameter(index, 'conv')
    const shape = { dilation: 1, depthwise: false, ...edge, outputs: this.#node(edge.to).channels }
    const output = this.#rounded(convolve(activated.value, weight, shape))
    const normalised = edge.batchNorm
      ? this.#normalise(output.value, index, mode)
      : { ...identity, value: output.value }
    return {
      value: normalised.value,
      backward: (dy) => {
        const outputGradient = normalised.backward(dy)
        this.#takeOutputs(this.#outputsBefore(index), output.value, outputGradient)
        return activated.backward(output.backward(outputGradient))
      },
    }
  }

  #relu(x: Maps): Operation {
    if (this.#pattern === null) return relu(x)
    const { inputs, isKept } = this.#pattern
    if (isKept) return reluAsBefore(x, inputs.shift() ?? x.data)
    inputs.push(x.data)
    return relu(x)
  }

  /** Channels of the convolutions before `spec.edges[edge]`; of all of them for null. */
  #outputsBefore(edge: number | null): number {
    const edges = this.spec.edges.slice(0, edge ?? undefined)
    return edges.reduce((sum, { op, to }) => sum + (op === 'conv' ? this.#node(to).channels : 0), 0)
  }

  #takeOutputs(first: number, { data, channels, height, width }: Maps, gradient: Float64Array): void {
    const outputs = this.#outputs
    if (outputs === null) return
    const row = outputCount(this.spec)
    data.forEach((value, i) => {
      const map = Math.floor(i / (height * width))
      const at = Math.floor(map / channels) * row + first + (map % channels)
      outputs[at] = (outputs[at] ?? 0) + value * (gradient[i] ?? 0)
    })
  }

  #normalise(x: Maps, edge: number | null, mode: Mode): Operation {
    if (mode === 'bypass') return { value: x, backward: (dy) => dy }
    const { offset = 0, channels = 0 } = this.#layout.batchNorms.find((batchNorm) => batchNorm.edge === edge) ?? {}
    const running: Statistics = {
      mean: this.#mean.subarray(offset, offset + channels),
      variance: this.#variance.subarray(offset, offset + channels),
    }
    const statistics = mode === 'running' ? running : this.#statistics(x)
    if (mode === 'batch') {
      const size = x.data.length / x.channels
      const unbias = size === 1 ? 1 : size / (size - 1)
      statistics.mean.forEach((v, c) => {
        running.mean[c] = 0.9 * (running.mean[c] ?? 0) + 0.1 * v
      })
      statistics.variance.forEach((v, c) => {
        running.variance[c] = 0.9 * (running.variance[c] ?? 0) + 0.1 * v * unbias
      })
    }
    const [gamma, beta] = [this.#parameter(edge, 'bn-gamma'), this.#parameter(edge, 'bn-beta')]
    return this.#rounded(normalise(x, statistics, gamma, beta, this.#round ?? undefined))
  }

  #statistics(x: Maps): Statistics {
    const { mean, variance } = statisticsOf(x)
    return this.#round === null ? { mean, variance } : { mean: this.#round(mean), variance: this.#round(variance) }
  }

  #rounded(operation: Operation): Operation {
    const round = this.#round
    if (round === null) return operation
    return {
      value: { ...operation.value, data: round(operation.value.data) },
      backward: (gradient) => round(operation.backward(gradient)),
    }
  }

  #parameter(edge: number | null, kind: ParameterKind): Parameter {
    const found = this.#layout.parameters.find((parameter) => parameter.edge === edge && parameter.kind === kind)
    const { offset = 0, size = 0 } = found ?? {}
    return {
      value: this.#parameters.subarray(offset, offset + size),
      gradient: this.#gradient.subarray(offset, offset + size),
    }
  }

  #maps(node: number, values: Float32Array, count: number): Maps {
    const { channels, height, width } = this.#node(node)
    return { data: Float64Array.from(values), count, channels, height, width }
  }

  #node(node: number) {
    const found = this.spec.nodes[node]
    if (found === undefined) throw new RangeError(`no node ${node}`)
    return found
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
