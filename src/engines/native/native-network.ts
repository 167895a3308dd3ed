import { type CutPoint, inputShape, type NetworkSpec, nodeSize } from '../../networks/network-spec.js'
import { parameterLayout } from '../../networks/parameters.js'
import type { NetworkWeights } from '../../networks/weights.js'
import { EngineError } from '../../platform/errors.js'
import { checkLabels, checkMaps, checkWeights, findCut, nodeAt } from '../checks.js'
import type {
  Batch,
  EvaluationResult,
  FeatureBatch,
  FrozenBatchNorm,
  StepOptions,
  StepResult,
  TrainableNetwork,
} from '../engine.js'
import type { NativeAddon, NativeHandle, NativePhases } from './addon.js'
import { encodePlan } from './plan.js'

/** A network held by the native addon. Checks every argument; the arithmetic is in native/. */
export class NativeNetwork implements TrainableNetwork {
  readonly spec: NetworkSpec
  readonly #addon: NativeAddon
  readonly #parameterCount: number
  readonly #statisticsCount: number
  /** Loss and correct count of a call. */
  readonly #result = new Float64Array(2)
  readonly #options = new Float64Array(5)
  /** null after `dispose`. */
  #handle: NativeHandle | null
  #frozen: CutPoint | null = null

  /** @throws EngineError if the weights do not fit the spec. */
  constructor(addon: NativeAddon, instructionSet: string, spec: NetworkSpec, weights: NetworkWeights) {
    checkWeights(spec, weights)
    const layout = parameterLayout(spec)
    this.spec = spec
    this.#addon = addon
    this.#parameterCount = layout.parameterCount
    this.#statisticsCount = layout.statisticsCount
    this.#handle = guarded(() => addon.create(encodePlan(spec), instructionSet))
    this.setWeights(weights)
  }

  trainStep({ images, labels, count }: Batch, options: StepOptions): StepResult {
    this.#checkBatch(0, 'images', images, labels, count)
    return this.#train(0, images, labels, count, options)
  }

  freezeUpTo(cut: string | null, frozenBatchNorm: FrozenBatchNorm = 'batch'): void {
    const handle = this.#alive()
    const point = cut === null ? null : findCut(this.spec, cut)
    guarded(() => this.#addon.freeze(handle, point?.node ?? 0, frozenBatchNorm === 'batch'))
    this.#frozen = point
  }

  featuresAt(cut: string, images: Float32Array, count: number, batchNorm: FrozenBatchNorm): Float32Array {
    const handle = this.#alive()
    const { node } = findCut(this.spec, cut)
    checkMaps('images', images, count, inputShape(this.spec))
    const features = new Float32Array(count * nodeSize(nodeAt(this.spec, node)))
    guarded(() => this.#addon.features(handle, node, images, count, batchNorm === 'batch', features))
    return features
  }

  trainTailStep({ features, labels, count }: FeatureBatch, options: StepOptions): StepResult {
    const node = this.#frozenNode()
    this.#checkBatch(node, 'features', features, labels, count)
    return this.#train(node, features, labels, count, options)
  }

  evaluate({ images, labels, count }: Batch): EvaluationResult {
    this.#checkBatch(0, 'images', images, labels, count)
    return this.#evaluate(0, images, labels, count)
  }

  evaluateTail({ features, labels, count }: FeatureBatch): EvaluationResult {
    const node = this.#frozenNode()
    this.#checkBatch(node, 'features', features, labels, count)
    return this.#evaluate(node, features, labels, count)
  }

  logits(images: Float32Array, count: number): Float32Array {
    const handle = this.#alive()
    checkMaps('images', images, count, inputShape(this.spec))
    const logits = new Float32Array(count * this.spec.classes)
    guarded(() => this.#addon.logits(handle, images, count, logits))
    return logits
  }

  gradients({ images, labels, count }: Batch): Float32Array {
    const handle = this.#checkBatch(0, 'images', images, labels, count)
    const gradients = new Float32Array(this.#parameterCount)
    guarded(() => this.#addon.gradients(handle, images, labels, count, gradients))
    return gradients
  }

  weights(): NetworkWeights {
    const handle = this.#alive()
    const parameters = new Float32Array(this.#parameterCount)
    const runningMean = new Float32Array(this.#statisticsCount)
    const runningVariance = new Float32Array(this.#statisticsCount)
    guarded(() => this.#addon.getWeights(handle, parameters, runningMean, runningVariance))
    return { parameters, runningMean, runningVariance }
  }

  setWeights(weights: NetworkWeights): void {
    const handle = this.#alive()
    checkWeights(this.spec, weights)
    const { parameters, runningMean, runningVariance } = weights
    guarded(() => this.#addon.setWeights(handle, parameters, runningMean, runningVariance))
  }

  memoryBytes(): number {
    const handle = this.#alive()
    return guarded(() => this.#addon.memoryBytes(handle))
  }

  /** Where the time went since creation, in seconds: for benchmarks. */
  phases(): NativePhases {
    const handle = this.#alive()
    return guarded(() => this.#addon.phases(handle))
  }

  dispose(): void {
    const handle = this.#handle
    this.#handle = null
    if (handle !== null) guarded(() => this.#addon.dispose(handle))
  }

  #train(node: number, values: Float32Array, labels: Int32Array, count: number, options: StepOptions): StepResult {
    const handle = this.#alive()
    const { learningRate, momentum, nesterov, weightDecay, clipNorm } = options
    this.#options.set([learningRate, momentum, Number(nesterov), weightDecay, clipNorm ?? Number.POSITIVE_INFINITY])
    guarded(() => this.#addon.trainStep(handle, node, values, labels, count, this.#options, this.#result))
    const [loss = Number.NaN, correct = 0] = this.#result
    return { loss, correct }
  }

  #evaluate(node: number, values: Float32Array, labels: Int32Array, count: number): EvaluationResult {
    const handle = this.#alive()
    guarded(() => this.#addon.evaluate(handle, node, values, labels, count, this.#result))
    const [loss = Number.NaN, correct = 0] = this.#result
    return { loss, correct, count }
  }

  /** @throws EngineError after dispose. */
  #alive(): NativeHandle {
    if (this.#handle === null) throw new EngineError('this network has been disposed of; create a new one')
    return this.#handle
  }

  #checkBatch(
    node: number,
    what: 'images' | 'features',
    values: Float32Array,
    labels: Int32Array,
    count: number,
  ): NativeHandle {
    const handle = this.#alive()
    checkMaps(what, values, count, nodeAt(this.spec, node))
    checkLabels(labels, count, this.spec.classes)
    return handle
  }

  /** @throws EngineError if no cut is frozen. */
  #frozenNode(): number {
    this.#alive()
    if (this.#frozen === null) throw new EngineError('no cut is frozen; call freezeUpTo(cut) before using features')
    return this.#frozen.node
  }
}

/** Runs a function of the addon; what it throws becomes an EngineError. */
function guarded<T>(call: () => T): T {
  try {
    return call()
  } catch (cause) {
    throw new EngineError(cause instanceof Error ? cause.message : String(cause), { cause })
  }
}
