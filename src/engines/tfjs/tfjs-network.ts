import type { CutPoint, NetworkSpec } from '../../networks/network-spec.js'
import { frozenPrefix } from '../../networks/parameters.js'
import type { NetworkWeights } from '../../networks/weights.js'
import { findCut, nodeAt } from '../checks.js'
import type {
  Batch,
  EnginePhases,
  EvaluationResult,
  FeatureBatch,
  FrozenBatchNorm,
  ProbeOptions,
  ProbeResult,
  StepOptions,
  StepResult,
  TrainableNetwork,
} from '../engine.js'
import { classify, crossEntropy } from './classification.js'
import { channelsFirst, channelsLast } from './data-layout.js'
import { gradientsNear } from './gradients-near.js'
import { type BatchNormMode, type NodeValue, runHead, runNodes } from './graph.js'
import { probe } from './probe.js'
import { Sgd } from './sgd.js'
import { type Tensor, type Tensor4D, type TensorFlow, useBackend, type Variable } from './tensorflow.js'
import { NetworkVariables } from './variables.js'

/** Inference runs in chunks of this many images, so that memory does not grow with the size of a data set. */
const inferenceChunk = 256

/** A network computed by TensorFlow.js on one of its backends. */
export class TfjsNetwork implements TrainableNetwork {
  readonly spec: NetworkSpec
  readonly #tf: TensorFlow
  readonly #backend: string
  readonly #variables: NetworkVariables
  #sgd: Sgd
  #trainable: readonly Variable[]
  #frozen: { readonly cut: CutPoint; readonly batchNorm: FrozenBatchNorm } | null = null

  constructor(tf: TensorFlow, backend: string, spec: NetworkSpec, weights: NetworkWeights) {
    this.#tf = tf
    this.#backend = backend
    useBackend(tf, backend)
    this.spec = spec
    this.#variables = new NetworkVariables(tf, spec, weights)
    this.#trainable = this.#variables.parameters
    this.#sgd = new Sgd(tf, this.#trainable)
  }

  trainStep(batch: Batch, options: StepOptions): StepResult {
    this.#prepare()
    return this.#tidy(() => {
      const images = this.#nodeValue(0, batch.images, batch.count)
      // The frozen trunk runs outside the gradient: its output is a constant.
      const start = this.#frozen === null ? images : this.#runTrunk(images, this.#frozen.cut, this.#frozen.batchNorm)
      return this.#step(start, batch.labels, options)
    })
  }

  freezeUpTo(cut: string | null, frozenBatchNorm: FrozenBatchNorm = 'batch'): void {
    this.#prepare()
    const point = cut === null ? null : findCut(this.spec, cut)
    this.#frozen = point === null ? null : { cut: point, batchNorm: frozenBatchNorm }
    this.#trainable =
      point === null
        ? this.#variables.parameters
        : this.#variables.trainable(frozenPrefix(this.spec, point.node).parameters)
    this.#sgd.dispose()
    this.#sgd = new Sgd(this.#tf, this.#trainable)
  }

  featuresAt(cut: string, images: Float32Array, count: number, batchNorm: FrozenBatchNorm): Float32Array {
    this.#prepare()
    const point = findCut(this.spec, cut)
    // A batch that is normalised by its own statistics cannot be split.
    const chunk = batchNorm === 'batch' ? count : inferenceChunk
    return this.#inChunks(0, images, count, chunk, (start) => {
      const { value } = this.#runTrunk(start, point, batchNorm)
      const { channels, height, width } = nodeAt(this.spec, point.node)
      return channelsFirst(value.dataSync<'float32'>(), channels, height * width)
    })
  }

  trainTailStep(batch: FeatureBatch, options: StepOptions): StepResult {
    this.#prepare()
    const node = this.#frozenNode()
    return this.#tidy(() => this.#step(this.#nodeValue(node, batch.features, batch.count), batch.labels, options))
  }

  evaluate(batch: Batch): EvaluationResult {
    this.#prepare()
    const logits = this.#inferLogits(0, batch.images, batch.count)
    return { ...classify(logits, batch.labels), count: batch.count }
  }

  evaluateTail(batch: FeatureBatch): EvaluationResult {
    this.#prepare()
    const logits = this.#inferLogits(this.#frozenNode(), batch.features, batch.count)
    return { ...classify(logits, batch.labels), count: batch.count }
  }

  logits(images: Float32Array, count: number): Float32Array {
    this.#prepare()
    return this.#inferLogits(0, images, count)
  }

  gradients(batch: Batch): Float32Array {
    this.#prepare()
    return this.#tidy(() => {
      const start = this.#nodeValue(0, batch.images, batch.count)
      const { gradients } = this.#differentiate(start, batch.labels, this.#variables.parameters, 'batch-only')
      return this.#variables.flatten(gradients)
    })
  }

  probe(batch: Batch, options: ProbeOptions): ProbeResult {
    this.#prepare()
    return this.#tidy(() => probe(this.#tf, this.spec, this.#variables, batch, options))
  }

  gradientsNear(batch: Batch, points: readonly Float32Array[]): Float32Array[] {
    this.#prepare()
    return this.#tidy(() => gradientsNear(this.#tf, this.spec, this.#variables, batch, points))
  }

  weights(): NetworkWeights {
    this.#prepare()
    return this.#variables.read()
  }

  setWeights(weights: NetworkWeights): void {
    this.#prepare()
    this.#variables.assign(weights)
  }

  momentum(): Float32Array {
    this.#prepare()
    return this.#variables.flatten([...this.#frozenParameters(), ...this.#sgd.momentum()])
  }

  setMomentum(momentum: Float32Array): void {
    this.#prepare()
    this.#tidy(() => this.#sgd.setMomentum(this.#variables.unflatten(momentum).slice(this.#frozenParameters().length)))
  }

  /** Not measured, since a backend may run operations asynchronously. */
  phases(): EnginePhases {
    return {}
  }

  memoryBytes(): number {
    return this.#variables.bytes() + this.#sgd.bytes()
  }

  dispose(): void {
    this.#sgd.dispose()
    this.#variables.dispose()
  }

  #step(start: NodeValue, labels: Int32Array, options: StepOptions): StepResult {
    const { gradients, result } = this.#differentiate(start, labels, this.#trainable, 'batch')
    this.#sgd.step(gradients, options)
    return result
  }

  /** The gradient of the mean cross-entropy with respect to `parameters`, undefined where it does not depend on one. */
  #differentiate(
    start: NodeValue,
    labels: Int32Array,
    parameters: readonly Variable[],
    mode: BatchNormMode,
  ): { gradients: (Tensor | undefined)[]; result: StepResult } {
    let logitValues = new Float32Array(0)
    const { grads } = this.#tf.variableGrads(() => {
      const logits = runHead(this.#tf, this.#variables, this.#runTo(this.spec.head.node, start, mode), mode)
      logitValues = logits.dataSync<'float32'>().slice()
      return crossEntropy(this.#tf, logits, labels)
    }, [...parameters])
    return {
      gradients: parameters.map((parameter) => grads[parameter.name]),
      result: classify(logitValues, labels),
    }
  }

  #runTrunk(images: NodeValue, cut: CutPoint, batchNorm: FrozenBatchNorm): NodeValue {
    return { node: cut.node, value: this.#runTo(cut.node, images, batchNorm) }
  }

  #runTo(node: number, start: NodeValue, mode: BatchNormMode): Tensor4D {
    return runNodes(this.#tf, this.spec, this.#variables, start, node, mode)
  }

  #inferLogits(node: number, maps: Float32Array, count: number): Float32Array {
    return this.#inChunks(node, maps, count, inferenceChunk, (start) => {
      const end = this.#runTo(this.spec.head.node, start, 'running')
      return runHead(this.#tf, this.#variables, end, 'running').dataSync<'float32'>()
    })
  }

  /** Runs `run` on `chunk` maps of `node` at a time and joins what it returns. */
  #inChunks(
    node: number,
    maps: Float32Array,
    count: number,
    chunk: number,
    run: (start: NodeValue) => Float32Array,
  ): Float32Array {
    const mapSize = maps.length / count
    let joined = new Float32Array(0)
    for (let first = 0; first < count; first += chunk) {
      const size = Math.min(chunk, count - first)
      const part = maps.subarray(first * mapSize, (first + size) * mapSize)
      this.#tidy(() => {
        const values = run(this.#nodeValue(node, part, size))
        if (first === 0) joined = new Float32Array((values.length / size) * count)
        joined.set(values, (values.length / size) * first)
      })
    }
    return joined
  }

  #nodeValue(node: number, maps: Float32Array, count: number): NodeValue {
    const { channels, height, width } = nodeAt(this.spec, node)
    const values = channelsLast(maps, channels, height * width)
    return { node, value: this.#tf.tensor4d(values, [count, height, width, channels]) }
  }

  /** `tf.tidy` for results that are not tensors. */
  #tidy<T>(run: () => T): T {
    const scopes = this.#tf.engine()
    scopes.startScope()
    try {
      return run()
    } finally {
      scopes.endScope()
    }
  }

  /** Other engines of this thread may have chosen another backend since the last call. */
  #prepare(): void {
    useBackend(this.#tf, this.#backend)
  }

  /** One entry for each parameter below the cut: those come first. */
  #frozenParameters(): readonly undefined[] {
    return new Array<undefined>(this.#variables.parameters.length - this.#trainable.length).fill(undefined)
  }

  #frozenNode(): number {
    return this.#frozen?.cut.node ?? 0
  }
}
