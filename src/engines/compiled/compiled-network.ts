import { type CutPoint, inputShape, type NetworkSpec, nodeSize } from '../../networks/network-spec.js'
import { outputCount, parameterLayout } from '../../networks/parameters.js'
import type { NetworkWeights } from '../../networks/weights.js'
import { EngineError } from '../../platform/errors.js'
import {
  checkBatch,
  checkFeatures,
  checkFrozenBatchNorm,
  checkMaps,
  checkNetwork,
  checkPoints,
  checkProbeOptions,
  checkStepOptions,
  checkWeights,
  findCut,
  nodeAt,
} from '../checks.js'
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
} from '../engine.js'
import type { KernelLibrary, NetworkHandle } from './kernel-library.js'
import { encodePlan } from './plan.js'

/** A network held by a library of compiled kernels. Checks every argument; the arithmetic is in native/. */
export class CompiledNetwork implements TrainableNetwork {
  readonly spec: NetworkSpec
  readonly #library: KernelLibrary
  readonly #parameterCount: number
  readonly #statisticsCount: number
  /** Loss and correct count of a call. */
  readonly #result = new Float64Array(2)
  readonly #options = new Float64Array(5)
  /** null after `dispose`. */
  #handle: NetworkHandle | null
  #frozen: CutPoint | null = null

  /** @throws EngineError if the spec is none, or the weights do not fit it. */
  constructor(library: KernelLibrary, instructionSet: string, spec: NetworkSpec, weights: NetworkWeights) {
    checkNetwork(spec, weights)
    const layout = parameterLayout(spec)
    this.spec = spec
    this.#library = library
    this.#parameterCount = layout.parameterCount
    this.#statisticsCount = layout.statisticsCount
    this.#handle = guarded(() => library.create(encodePlan(spec), instructionSet))
    this.setWeights(weights)
  }

  trainStep(batch: Batch, options: StepOptions): StepResult {
    const { images, labels, count } = this.#checked(batch)
    return this.#train(0, images, labels, count, options)
  }

  freezeUpTo(cut: string | null, frozenBatchNorm: FrozenBatchNorm = 'batch'): void {
    const handle = this.#alive()
    checkFrozenBatchNorm(frozenBatchNorm)
    const point = cut === null ? null : findCut(this.spec, cut)
    guarded(() => this.#library.freeze(handle, point?.node ?? 0, frozenBatchNorm === 'batch'))
    this.#frozen = point
  }

  featuresAt(cut: string, images: Float32Array, count: number, batchNorm: FrozenBatchNorm): Float32Array {
    const handle = this.#alive()
    const { node } = findCut(this.spec, cut)
    checkFrozenBatchNorm(batchNorm)
    checkMaps('images', images, count, inputShape(this.spec))
    const features = new Float32Array(count * nodeSize(nodeAt(this.spec, node)))
    guarded(() => this.#library.features(handle, node, images, count, batchNorm === 'batch', features))
    return features
  }

  trainTailStep(batch: FeatureBatch, options: StepOptions): StepResult {
    const node = this.#frozenNode()
    const { features, labels, count } = this.#checkedFeatures(batch, node)
    return this.#train(node, features, labels, count, options)
  }

  evaluate(batch: Batch): EvaluationResult {
    const { images, labels, count } = this.#checked(batch)
    return this.#evaluate(0, images, labels, count)
  }

  evaluateTail(batch: FeatureBatch): EvaluationResult {
    const node = this.#frozenNode()
    const { features, labels, count } = this.#checkedFeatures(batch, node)
    return this.#evaluate(node, features, labels, count)
  }

  logits(images: Float32Array, count: number): Float32Array {
    const handle = this.#alive()
    checkMaps('images', images, count, inputShape(this.spec))
    const logits = new Float32Array(count * this.spec.classes)
    guarded(() => this.#library.logits(handle, images, count, logits))
    return logits
  }

  gradients(batch: Batch): Float32Array {
    const handle = this.#alive()
    const { images, labels, count } = this.#checked(batch)
    const gradients = new Float32Array(this.#parameterCount)
    guarded(() => this.#library.gradients(handle, images, labels, count, gradients))
    return gradients
  }

  probe(batch: Batch, options: ProbeOptions): ProbeResult {
    const handle = this.#alive()
    const { images, labels, count } = this.#checked(batch)
    checkProbeOptions(options)
    const room = (target: ProbeTarget, size: number) => new Float32Array(options.targets.includes(target) ? size : 0)
    const parameters = room('parameters', this.#parameterCount)
    const inputs = room('inputs', images.length)
    const outputs = room('outputs', count * outputCount(this.spec))
    const crossEntropy = options.objective === 'cross-entropy'
    const bypass = options.batchNorm === 'bypass'
    const exponent = guarded(() =>
      this.#library.probe(handle, images, labels, count, crossEntropy, bypass, parameters, inputs, outputs),
    )
    return { parameters, inputs, outputs, exponent }
  }

  gradientsNear(batch: Batch, points: readonly Float32Array[]): Float32Array[] {
    const handle = this.#alive()
    const { images, labels, count } = this.#checked(batch)
    checkPoints(points, this.#parameterCount)
    const joined = new Float32Array(points.length * this.#parameterCount)
    for (const [i, point] of points.entries()) joined.set(point, i * this.#parameterCount)
    const gradients = new Float32Array(joined.length)
    guarded(() => this.#library.gradientsNear(handle, images, labels, count, joined, gradients))
    return points.map((_, i) => gradients.subarray(i * this.#parameterCount, (i + 1) * this.#parameterCount))
  }

  weights(): NetworkWeights {
    const handle = this.#alive()
    const parameters = new Float32Array(this.#parameterCount)
    const runningMean = new Float32Array(this.#statisticsCount)
    const runningVariance = new Float32Array(this.#statisticsCount)
    guarded(() => this.#library.getWeights(handle, parameters, runningMean, runningVariance))
    return { parameters, runningMean, runningVariance }
  }

  setWeights(weights: NetworkWeights): void {
    const handle = this.#alive()
    checkWeights(this.spec, weights)
    const { parameters, runningMean, runningVariance } = weights
    guarded(() => this.#library.setWeights(handle, parameters, runningMean, runningVariance))
  }

  memoryBytes(): number {
    const handle = this.#alive()
    return guarded(() => this.#library.memoryBytes(handle))
  }

  /** Where the time went since creation, in seconds: for benchmarks. */
  phases(): EnginePhases {
    const handle = this.#alive()
    return guarded(() => this.#library.phases(handle))
  }

  dispose(): void {
    const handle = this.#handle
    this.#handle = null
    if (handle !== null) guarded(() => this.#library.dispose(handle))
  }

  #train(node: number, values: Float32Array, labels: Int32Array, count: number, options: StepOptions): StepResult {
    const handle = this.#alive()
    checkStepOptions(options)
    const { learningRate, momentum, nesterov, weightDecay, clipNorm } = options
    this.#options.set([learningRate, momentum, Number(nesterov), weightDecay, clipNorm ?? Number.POSITIVE_INFINITY])
    guarded(() => this.#library.trainStep(handle, node, values, labels, count, this.#options, this.#result))
    const [loss = Number.NaN, correct = 0] = this.#result
    return { loss, correct }
  }

  #evaluate(node: number, values: Float32Array, labels: Int32Array, count: number): EvaluationResult {
    const handle = this.#alive()
    guarded(() => this.#library.evaluate(handle, node, values, labels, count, this.#result))
    const [loss = Number.NaN, correct = 0] = this.#result
    return { loss, correct, count }
  }

  /** @throws EngineError after dispose. */
  #alive(): NetworkHandle {
    if (this.#handle === null) throw new EngineError('this network has been disposed of; create a new one')
    return this.#handle
  }

  #checked(batch: Batch): Batch {
    this.#alive()
    checkBatch(batch, inputShape(this.spec), this.spec.classes)
    return batch
  }

  #checkedFeatures(batch: FeatureBatch, node: number): FeatureBatch {
    checkFeatures(batch, nodeAt(this.spec, node), this.spec.classes)
    return batch
  }

  /** @throws EngineError if no cut is frozen. */
  #frozenNode(): number {
    this.#alive()
    if (this.#frozen === null) throw new EngineError('no cut is frozen; call freezeUpTo(cut) before using features')
    return this.#frozen.node
  }
}

/** Runs a function of the library; what it throws becomes an EngineError. */
function guarded<T>(call: () => T): T {
  try {
    return call()
  } catch (cause) {
    throw new EngineError(cause instanceof Error ? cause.message : String(cause), { cause })
  }
}
