import { inputShape, type NetworkSpec, type NodeSpec } from '../networks/network-spec.js'
import { parameterCount } from '../networks/parameters.js'
import type { NetworkWeights } from '../networks/weights.js'
import { EngineError, NetworkTooLargeError } from '../platform/errors.js'
import {
  checkBatch,
  checkFeatures,
  checkFrozenBatchNorm,
  checkMaps,
  checkMomentum,
  checkNetwork,
  checkPoints,
  checkProbeOptions,
  checkStepOptions,
  checkWeights,
  findCut,
  nodeAt,
} from './checks.js'
import type {
  Batch,
  Engine,
  EngineInfo,
  EngineLimits,
  EnginePhases,
  EvaluationResult,
  FeatureBatch,
  FrozenBatchNorm,
  ProbeOptions,
  ProbeResult,
  StepOptions,
  StepResult,
  TrainableNetwork,
} from './engine.js'

/**
 * Wraps an engine so that all arguments are checked before they reach it. Every loaded engine is wrapped, so engines
 * need no checks of their own. An already wrapped engine is returned unchanged.
 *
 * @example
 * const engine = checkedEngine(myEngine)
 * engine.create(spec, weights).evaluate({ images, labels, count: -1 }) // throws EngineError
 */
export function checkedEngine(engine: Engine): Engine {
  return engine instanceof CheckedEngine ? engine : new CheckedEngine(engine)
}

class CheckedEngine implements Engine {
  readonly name: string
  readonly info: EngineInfo
  readonly limits: EngineLimits | undefined
  readonly #engine: Engine

  constructor(engine: Engine) {
    this.name = engine.name
    this.info = engine.info
    this.limits = engine.limits
    this.#engine = engine
  }

  create(spec: NetworkSpec, weights: NetworkWeights): TrainableNetwork {
    checkNetwork(spec, weights)
    const { length } = weights.parameters
    if (length > (this.limits?.parameters ?? Infinity))
      throw new NetworkTooLargeError(`the network has ${length} parameters, more than the engine ${this.name} takes`)
    return new CheckedNetwork(spec, this.#engine.create(spec, weights))
  }
}

class CheckedNetwork implements TrainableNetwork {
  readonly spec: NetworkSpec
  /** Absent where the engine has none. */
  readonly momentum?: () => Float32Array
  readonly setMomentum?: (momentum: Float32Array) => void
  /** Node 0. */
  readonly #input: NodeSpec
  /** null after `dispose`. */
  #network: TrainableNetwork | null
  /** The node of the frozen cut. */
  #frozen: NodeSpec | null = null

  constructor(spec: NetworkSpec, network: TrainableNetwork) {
    this.spec = spec
    this.#input = inputShape(spec)
    this.#network = network
    const { momentum, setMomentum } = network
    if (momentum === undefined || setMomentum === undefined) return
    this.momentum = () => momentum.call(this.#alive())
    this.setMomentum = (values) => {
      const alive = this.#alive()
      checkMomentum(values, parameterCount(spec))
      setMomentum.call(alive, values)
    }
  }

  trainStep(batch: Batch, options: StepOptions): StepResult {
    const network = this.#takes(batch)
    checkStepOptions(options)
    return network.trainStep(batch, options)
  }

  freezeUpTo(cut: string | null, frozenBatchNorm: FrozenBatchNorm = 'batch'): void {
    const network = this.#alive()
    checkFrozenBatchNorm(frozenBatchNorm)
    const frozen = cut === null ? null : this.#nodeOf(cut)
    network.freezeUpTo(cut, frozenBatchNorm)
    this.#frozen = frozen
  }

  featuresAt(cut: string, images: Float32Array, count: number, batchNorm: FrozenBatchNorm): Float32Array {
    const network = this.#alive()
    findCut(this.spec, cut)
    checkFrozenBatchNorm(batchNorm)
    checkMaps('images', images, count, this.#input)
    return network.featuresAt(cut, images, count, batchNorm)
  }

  trainTailStep(batch: FeatureBatch, options: StepOptions): StepResult {
    const network = this.#takesFeatures(batch)
    checkStepOptions(options)
    return network.trainTailStep(batch, options)
  }

  evaluate(batch: Batch): EvaluationResult {
    return this.#takes(batch).evaluate(batch)
  }

  evaluateTail(batch: FeatureBatch): EvaluationResult {
    return this.#takesFeatures(batch).evaluateTail(batch)
  }

  logits(images: Float32Array, count: number): Float32Array {
    const network = this.#alive()
    checkMaps('images', images, count, this.#input)
    return network.logits(images, count)
  }

  gradients(batch: Batch): Float32Array {
    return this.#takes(batch).gradients(batch)
  }

  gradientsNear(batch: Batch, points: readonly Float32Array[]): Float32Array[] {
    const network = this.#takes(batch)
    checkPoints(points, parameterCount(this.spec))
    return network.gradientsNear(batch, points)
  }

  probe(batch: Batch, options: ProbeOptions): ProbeResult {
    const network = this.#takes(batch)
    checkProbeOptions(options)
    return network.probe(batch, options)
  }

  weights(): NetworkWeights {
    return this.#alive().weights()
  }

  setWeights(weights: NetworkWeights): void {
    const network = this.#alive()
    checkWeights(this.spec, weights)
    network.setWeights(weights)
  }

  phases(): EnginePhases {
    return this.#alive().phases()
  }

  memoryBytes(): number {
    return this.#alive().memoryBytes()
  }

  dispose(): void {
    const network = this.#network
    this.#network = null
    network?.dispose()
  }

  /** The network, if `batch` is valid for it. */
  #takes(batch: Batch): TrainableNetwork {
    const network = this.#alive()
    checkBatch(batch, this.#input, this.spec.classes)
    return network
  }

  /** The network, if a cut is frozen and `batch` has that cut's features. */
  #takesFeatures(batch: FeatureBatch): TrainableNetwork {
    const network = this.#alive()
    if (this.#frozen === null) throw new EngineError('no cut is frozen; call freezeUpTo(cut) before using features')
    checkFeatures(batch, this.#frozen, this.spec.classes)
    return network
  }

  /** @throws EngineError after dispose. */
  #alive(): TrainableNetwork {
    if (this.#network === null) throw new EngineError('this network has been disposed of; create a new one')
    return this.#network
  }

  /** @throws EngineError if there is no such cut. */
  #nodeOf(cut: string): NodeSpec {
    return nodeAt(this.spec, findCut(this.spec, cut).node)
  }
}
