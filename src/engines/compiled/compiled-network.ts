import { type NetworkSpec, nodeSize } from '../../networks/network-spec.js'
import { outputCount, parameterLayout } from '../../networks/parameters.js'
import type { NetworkWeights } from '../../networks/weights.js'
import { EngineError, NetworkTooLargeError } from '../../platform/errors.js'
import { messageOf } from '../../platform/message-of.js'
import { findCut, nodeAt } from '../checks.js'
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
import { type KernelLibrary, type NetworkHandle, tooLargeCode } from './kernel-library.js'
import { encodePlan } from './plan.js'

/** A network held by a library of compiled kernels; the arithmetic is in native/. */
export class CompiledNetwork implements TrainableNetwork {
  readonly spec: NetworkSpec
  readonly #library: KernelLibrary
  readonly #handle: NetworkHandle
  readonly #parameterCount: number
  readonly #statisticsCount: number
  /** Loss and correct count of a call. */
  readonly #result = new Float64Array(2)
  readonly #options = new Float64Array(5)
  /** The node of the frozen cut; 0 if nothing is frozen. */
  #frozenNode = 0

  constructor(library: KernelLibrary, instructionSet: string, spec: NetworkSpec, weights: NetworkWeights) {
    const layout = parameterLayout(spec)
    this.spec = spec
    this.#library = library
    this.#parameterCount = layout.parameterCount
    this.#statisticsCount = layout.statisticsCount
    this.#handle = guarded(() => library.create(encodePlan(spec), instructionSet))
    this.setWeights(weights)
  }

  trainStep({ images, labels, count }: Batch, options: StepOptions): StepResult {
    return this.#train(0, images, labels, count, options)
  }

  freezeUpTo(cut: string | null, frozenBatchNorm: FrozenBatchNorm = 'batch'): void {
    const node = cut === null ? 0 : findCut(this.spec, cut).node
    guarded(() => this.#library.freeze(this.#handle, node, frozenBatchNorm === 'batch'))
    this.#frozenNode = node
  }

  featuresAt(cut: string, images: Float32Array, count: number, batchNorm: FrozenBatchNorm): Float32Array {
    const { node } = findCut(this.spec, cut)
    const features = new Float32Array(count * nodeSize(nodeAt(this.spec, node)))
    guarded(() => this.#library.features(this.#handle, node, images, count, batchNorm === 'batch', features))
    return features
  }

  trainTailStep({ features, labels, count }: FeatureBatch, options: StepOptions): StepResult {
    return this.#train(this.#frozenNode, features, labels, count, options)
  }

  evaluate({ images, labels, count }: Batch): EvaluationResult {
    return this.#evaluate(0, images, labels, count)
  }

  evaluateTail({ features, labels, count }: FeatureBatch): EvaluationResult {
    return this.#evaluate(this.#frozenNode, features, labels, count)
  }

  logits(images: Float32Array, count: number): Float32Array {
    const logits = new Float32Array(count * this.spec.classes)
    guarded(() => this.#library.logits(this.#handle, images, count, logits))
    return logits
  }

  gradients({ images, labels, count }: Batch): Float32Array {
    const gradients = new Float32Array(this.#parameterCount)
    guarded(() => this.#library.gradients(this.#handle, images, labels, count, gradients))
    return gradients
  }

  probe({ images, labels, count }: Batch, options: ProbeOptions): ProbeResult {
    const room = (target: ProbeTarget, size: number) => new Float32Array(options.targets.includes(target) ? size : 0)
    const parameters = room('parameters', this.#parameterCount)
    const inputs = room('inputs', images.length)
    const outputs = room('outputs', count * outputCount(this.spec))
    const crossEntropy = options.objective === 'cross-entropy'
    const bypass = options.batchNorm === 'bypass'
    const exponent = guarded(() =>
      this.#library.probe(this.#handle, images, labels, count, crossEntropy, bypass, parameters, inputs, outputs),
    )
    return { parameters, inputs, outputs, exponent }
  }

  gradientsNear({ images, labels, count }: Batch, points: readonly Float32Array[]): Float32Array[] {
    const joined = new Float32Array(points.length * this.#parameterCount)
    for (const [i, point] of points.entries()) joined.set(point, i * this.#parameterCount)
    const gradients = new Float32Array(joined.length)
    guarded(() => this.#library.gradientsNear(this.#handle, images, labels, count, joined, gradients))
    return points.map((_, i) => gradients.subarray(i * this.#parameterCount, (i + 1) * this.#parameterCount))
  }

  weights(): NetworkWeights {
    const parameters = new Float32Array(this.#parameterCount)
    const runningMean = new Float32Array(this.#statisticsCount)
    const runningVariance = new Float32Array(this.#statisticsCount)
    guarded(() => this.#library.getWeights(this.#handle, parameters, runningMean, runningVariance))
    return { parameters, runningMean, runningVariance }
  }

  setWeights({ parameters, runningMean, runningVariance }: NetworkWeights): void {
    guarded(() => this.#library.setWeights(this.#handle, parameters, runningMean, runningVariance))
  }

  momentum(): Float32Array {
    const momentum = new Float32Array(this.#parameterCount)
    guarded(() => this.#library.getMomentum(this.#handle, momentum))
    return momentum
  }

  setMomentum(momentum: Float32Array): void {
    guarded(() => this.#library.setMomentum(this.#handle, momentum))
  }

  memoryBytes(): number {
    return guarded(() => this.#library.memoryBytes(this.#handle))
  }

  phases(): EnginePhases {
    return guarded(() => this.#library.phases(this.#handle))
  }

  dispose(): void {
    guarded(() => this.#library.dispose(this.#handle))
  }

  #train(node: number, values: Float32Array, labels: Int32Array, count: number, options: StepOptions): StepResult {
    const { learningRate, momentum, nesterov, weightDecay, clipNorm } = options
    this.#options.set([learningRate, momentum, Number(nesterov), weightDecay, clipNorm ?? Number.POSITIVE_INFINITY])
    guarded(() => this.#library.trainStep(this.#handle, node, values, labels, count, this.#options, this.#result))
    const [loss = Number.NaN, correct = 0] = this.#result
    return { loss, correct }
  }

  #evaluate(node: number, values: Float32Array, labels: Int32Array, count: number): EvaluationResult {
    guarded(() => this.#library.evaluate(this.#handle, node, values, labels, count, this.#result))
    const [loss = Number.NaN, correct = 0] = this.#result
    return { loss, correct, count }
  }
}

/** Runs a function of the library; its errors become EngineErrors. */
function guarded<T>(call: () => T): T {
  try {
    return call()
  } catch (cause) {
    const isTooLarge = cause instanceof Error && 'code' in cause && cause.code === tooLargeCode
    throw new (isTooLarge ? NetworkTooLargeError : EngineError)(messageOf(cause), { cause })
  }
}
