import { float64Engine } from '../../src/conformance/index.js'
import {
  type Batch,
  checkBatch,
  checkFeatures,
  checkFrozenBatchNorm,
  checkMaps,
  checkNetwork,
  checkPoints,
  checkProbeOptions,
  checkStepOptions,
  checkWeights,
  type Engine,
  EngineError,
  type EngineName,
  type EvaluationResult,
  type FeatureBatch,
  type FrozenBatchNorm,
  findCut,
  type NetworkSpec,
  type NetworkWeights,
  type NodeSpec,
  type ProbeOptions,
  type ProbeResult,
  parameterCount,
  type StepOptions,
  type StepResult,
  type TrainableNetwork,
} from '../../src/index.js'

/** An engine in double precision: slow, and right. */
export const exampleEngine: Engine = {
  // An engine of this repository has its name in EngineName instead.
  name: 'example' as EngineName,
  info: { version: '1', device: 'javascript', gpu: false, maxThreads: Number.POSITIVE_INFINITY },
  create: (spec, weights) => new ExampleNetwork(spec, weights),
}

/** Checks what comes in and leaves the arithmetic to `float64Engine`, which checks nothing. */
class ExampleNetwork implements TrainableNetwork {
  readonly spec: NetworkSpec
  /** null after `dispose`. */
  #network: TrainableNetwork | null
  #frozen: NodeSpec | null = null

  constructor(spec: NetworkSpec, weights: NetworkWeights) {
    checkNetwork(spec, weights)
    this.spec = spec
    this.#network = float64Engine.create(spec, weights)
  }

  trainStep(batch: Batch, options: StepOptions): StepResult {
    const network = this.#alive()
    checkBatch(batch, this.#node(0), this.spec.classes)
    checkStepOptions(options)
    return rounded(network, () => network.trainStep(batch, options))
  }

  freezeUpTo(cut: string | null, frozenBatchNorm: FrozenBatchNorm = 'batch'): void {
    const network = this.#alive()
    checkFrozenBatchNorm(frozenBatchNorm)
    this.#frozen = cut === null ? null : this.#node(findCut(this.spec, cut).node)
    network.freezeUpTo(cut, frozenBatchNorm)
  }

  featuresAt(cut: string, images: Float32Array, count: number, batchNorm: FrozenBatchNorm): Float32Array {
    const network = this.#alive()
    findCut(this.spec, cut)
    checkFrozenBatchNorm(batchNorm)
    checkMaps('images', images, count, this.#node(0))
    return rounded(network, () => network.featuresAt(cut, images, count, batchNorm))
  }

  trainTailStep(batch: FeatureBatch, options: StepOptions): StepResult {
    const network = this.#alive()
    checkFeatures(batch, this.#cut(), this.spec.classes)
    checkStepOptions(options)
    return rounded(network, () => network.trainTailStep(batch, options))
  }

  evaluate(batch: Batch): EvaluationResult {
    const network = this.#alive()
    checkBatch(batch, this.#node(0), this.spec.classes)
    return network.evaluate(batch)
  }

  evaluateTail(batch: FeatureBatch): EvaluationResult {
    const network = this.#alive()
    checkFeatures(batch, this.#cut(), this.spec.classes)
    return network.evaluateTail(batch)
  }

  logits(images: Float32Array, count: number): Float32Array {
    const network = this.#alive()
    checkMaps('images', images, count, this.#node(0))
    return network.logits(images, count)
  }

  gradients(batch: Batch): Float32Array {
    const network = this.#alive()
    checkBatch(batch, this.#node(0), this.spec.classes)
    return network.gradients(batch)
  }

  probe(batch: Batch, options: ProbeOptions): ProbeResult {
    const network = this.#alive()
    checkBatch(batch, this.#node(0), this.spec.classes)
    checkProbeOptions(options)
    return network.probe(batch, options)
  }

  gradientsNear(batch: Batch, points: readonly Float32Array[]): Float32Array[] {
    const network = this.#alive()
    checkBatch(batch, this.#node(0), this.spec.classes)
    checkPoints(points, parameterCount(this.spec))
    return network.gradientsNear(batch, points)
  }

  weights(): NetworkWeights {
    return this.#alive().weights()
  }

  setWeights(weights: NetworkWeights): void {
    checkWeights(this.spec, weights)
    this.#alive().setWeights(weights)
  }

  phases() {
    return this.#alive().phases()
  }

  memoryBytes(): number {
    return this.#alive().memoryBytes()
  }

  dispose(): void {
    this.#network?.dispose()
    this.#network = null
  }

  #alive(): TrainableNetwork {
    if (this.#network === null) throw new EngineError('this network has been disposed of; create a new one')
    return this.#network
  }

  #cut(): NodeSpec {
    if (this.#frozen === null) throw new EngineError('no cut is frozen; call freezeUpTo(cut) before using features')
    return this.#frozen
  }

  #node(index: number): NodeSpec {
    return this.spec.nodes[index] as NodeSpec
  }
}

/** Weights are float32 in every engine: what `weights()` gives is what the network goes on from. */
function rounded<T>(network: TrainableNetwork, work: () => T): T {
  const result = work()
  network.setWeights(network.weights())
  return result
}
