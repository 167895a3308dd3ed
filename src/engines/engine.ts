import type { NetworkSpec } from '../networks/network-spec.js'
import type { NetworkWeights } from '../networks/weights.js'

/** The names by which a configuration chooses an engine of this package. */
export type EngineName = 'tensorflow' | 'native' | 'wasm' | 'tfjs-cpu'

/**
 * Turns a NetworkSpec into a network that can be trained on some hardware. Knows nothing of FEAR.
 *
 * One engine object belongs to one thread; several threads may each have their own at the same time.
 *
 * Implementations need not check arguments: `checkedEngine` wraps every engine that is used.
 */
export interface Engine {
  /** Shown in reports and journals. With `info.version` it distinguishes results of different engines. */
  readonly name: string
  readonly info: EngineInfo
  /** Limits of a network; absent if only memory limits it. */
  readonly limits?: EngineLimits | undefined
  /**
   * Creates a network with a copy of `weights`.
   *
   * @throws EngineError if the network is invalid or too large, or the weights do not fit it.
   */
  create(spec: NetworkSpec, weights: NetworkWeights): TrainableNetwork
}

export interface EngineInfo {
  readonly version: string
  /** The instruction set or device in use, for display: `avx2`, `generic`, `simd128`, `javascript`, a GPU's name. */
  readonly device: string
  /** Whether a GPU does the work. */
  readonly gpu: boolean
  /**
   * Maximum number of worker threads that may use this engine at the same time on this machine; Infinity if unlimited.
   */
  readonly maxThreads: number
  /**
   * The isolation that workers need; default `thread`. `process`: the engine's library has settings or failures that
   * affect a whole process.
   */
  readonly isolation?: 'thread' | 'process'
}

export interface EngineLimits {
  readonly parameters: number
  /** Maximum bytes of a network; Infinity if only the machine limits it. */
  readonly networkBytes: number
}

export type EnginePhases = Readonly<Record<string, number>>

/** Images as float32 `[count, channels, height, width]`, already normalised; labels in 0..classes-1. Views: never kept. */
export interface Batch {
  readonly images: Float32Array
  readonly labels: Int32Array
  readonly count: number
}

/** Features of a cut as float32 `[count, channels, height, width]` of the cut's node, with the images' labels. */
export interface FeatureBatch {
  readonly features: Float32Array
  readonly labels: Int32Array
  readonly count: number
}

/**
 * One step of SGD. Order of operations as in PyTorch: the gradient is clipped to the global L2 norm `clipNorm` over
 * trainable parameters, then weight decay is added (coupled, on every parameter), then momentum:
 * `v = momentum v + g`, `theta -= learningRate (nesterov ? g + momentum v : v)`.
 */
export interface StepOptions {
  readonly learningRate: number
  readonly momentum: number
  readonly nesterov: boolean
  readonly weightDecay: number
  /** null: no clipping. */
  readonly clipNorm: number | null
}

/**
 * Batch norm in the frozen trunk: `batch` normalises with the batch's own statistics and keeps updating the running
 * ones (as FEAR's authors do), `running` uses the running statistics unchanged.
 */
export type FrozenBatchNorm = 'batch' | 'running'

export interface StepResult {
  /** Mean cross-entropy of the batch before the update. NaN or infinite when training has diverged. */
  readonly loss: number
  /** Correctly classified images of the batch before the update. */
  readonly correct: number
}

export interface EvaluationResult {
  /** Mean cross-entropy. */
  readonly loss: number
  readonly correct: number
  readonly count: number
}

/** The objective of a probe. */
export type ProbeTarget = 'parameters' | 'inputs' | 'outputs'

/** What a probe differentiates at the current weights, and which gradients it returns. */
export interface ProbeOptions {
  /** The mean cross-entropy of the batch, or the sum of all logits of all its images. */
  readonly objective: 'cross-entropy' | 'logit-sum'
  /** `batch`: batch norm uses the batch's statistics. `bypass`: it is left out, as if it were the identity. */
  readonly batchNorm: 'batch' | 'bypass'
  readonly targets: readonly ProbeTarget[]
}

/**
 * Gradients, empty if not requested. The true ones are `2 ** exponent` times as large, since without batch norm those
 * of a deep network exceed float32. The exponent is 0 except for a `logit-sum` with batch norm bypassed.
 */
export interface ProbeResult {
  /** Flat, in the order of `parameterLayout`. */
  readonly parameters: Float32Array
  /** `[count, channels, height, width]` of the image. */
  readonly inputs: Float32Array
  /**
   * `[count, outputCount(spec)]`: for each channel of each convolution's output (before batch norm), in the order of
   * `spec.edges`, and for each logit: the sum over its pixels of the output times the output's gradient.
   */
  readonly outputs: Float32Array
  readonly exponent: number
}

/**
 * A network with weights, optimiser state (momentum buffers, empty at creation) and running batch norm statistics.
 * Batch norm: eps 1e-5; running statistics keep 0.9 of the old value; the running variance uses the unbiased one. A
 * batch may have any positive count. NaN is reported in results, never thrown. After `dispose` every call throws
 * EngineError.
 */
export interface TrainableNetwork {
  readonly spec: NetworkSpec

  /** One training step on a batch; with a cut frozen, only the part above it is updated. */
  trainStep(batch: Batch, options: StepOptions): StepResult

  /**
   * Freezes everything at or below the node of `cut` (a name in `spec.cuts`; null unfreezes) and resets the momentum
   * buffers, like a new optimiser. Back-propagation then stops at the cut.
   */
  freezeUpTo(cut: string | null, frozenBatchNorm?: FrozenBatchNorm): void

  /** Runs images up to a cut: float32 `[count, channels, height, width]` of the cut's node. */
  featuresAt(cut: string, images: Float32Array, count: number, batchNorm: FrozenBatchNorm): Float32Array

  /** One training step of the part above the frozen cut on features computed by `featuresAt` for that cut. */
  trainTailStep(batch: FeatureBatch, options: StepOptions): StepResult

  /** Inference (running statistics): loss and correct count over the batch. */
  evaluate(batch: Batch): EvaluationResult

  /** Inference on features of the frozen cut. */
  evaluateTail(batch: FeatureBatch): EvaluationResult

  /** Inference: `[count, classes]`. */
  logits(images: Float32Array, count: number): Float32Array

  /**
   * Gradient of the mean cross-entropy with respect to every parameter, flat in the order of `parameterLayout`. Batch
   * norm uses batch statistics; nothing in the network changes (running statistics neither).
   */
  gradients(batch: Batch): Float32Array

  /**
   * `gradients` at other parameters, one flat vector for each of `points`, with the ReLU pattern of the current
   * parameters. So the loss is smooth between them, and differences of gradients over a small step give second
   * derivatives, to which ReLUs contribute nothing. Nothing in the network changes.
   */
  gradientsNear(batch: Batch, points: readonly Float32Array[]): Float32Array[]

  /** Gradients of `objective`, for zero-cost measures; nothing in the network changes. */
  probe(batch: Batch, options: ProbeOptions): ProbeResult

  /** A copy of the weights and running statistics. */
  weights(): NetworkWeights
  /** Replaces weights and running statistics; momentum buffers and the frozen cut stay. */
  setWeights(weights: NetworkWeights): void

  /** Seconds since creation by phase, for benchmarks; empty if the engine does not measure them. */
  phases(): EnginePhases

  /** Bytes this network uses now, inside or outside the JavaScript heap. */
  memoryBytes(): number
  dispose(): void
}
