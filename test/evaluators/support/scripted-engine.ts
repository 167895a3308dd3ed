import type {
  Batch,
  Engine,
  EngineInfo,
  FeatureBatch,
  FrozenBatchNorm,
  StepOptions,
  StepResult,
  TrainableNetwork,
} from '../../../src/engines/engine.js'
import { type NetworkSpec, nodeSize } from '../../../src/networks/network-spec.js'
import type { NetworkWeights } from '../../../src/networks/weights.js'

/** What the networks of a scripted engine answer. Anything absent: loss 1, no image correct. */
export interface EngineScript {
  /** Correct counts of the network's first, second, ... `trainStep`. */
  readonly train?: readonly number[]
  /** Correct counts of `trainTailStep`. */
  readonly tail?: readonly number[]
  /** Correct counts of `evaluate`. */
  readonly evaluate?: readonly number[]
  /** The loss of the network's steps of either kind, counted together. */
  loss?(step: number): number
  /** Called at each step of either kind and each call that runs images, before it answers. */
  onCall?(call: EngineCall): void
}

/** One call of a network, as far as tests look at it. */
export type EngineCall =
  | {
      readonly kind: 'train' | 'tail'
      readonly count: number
      readonly options: StepOptions
      readonly labels: number[]
    }
  | { readonly kind: 'evaluate' | 'features'; readonly count: number }
  | { readonly kind: 'freeze'; readonly cut: string | null; readonly batchNorm: FrozenBatchNorm | undefined }

/**
 * An engine whose networks answer from a script instead of computing, so that threshold crossings, rejections and
 * costs can be worked out by hand. Its features are each image's first values; its weights are those it was given.
 */
export class ScriptedEngine implements Engine {
  readonly name = 'tfjs-cpu'
  readonly info: EngineInfo = { version: '1', device: 'script', gpu: false, maxThreads: Infinity }
  readonly calls: EngineCall[] = []
  readonly #script: EngineScript
  /** Networks created and not disposed. */
  live = 0

  constructor(script: EngineScript = {}) {
    this.#script = script
  }

  create(spec: NetworkSpec, weights: NetworkWeights): TrainableNetwork {
    const script = this.#script
    const log = (call: EngineCall): void => {
      this.calls.push(call)
      script.onCall?.(call)
    }
    const steps = { train: 0, tail: 0, evaluate: 0 }
    const step = (kind: 'train' | 'tail', batch: Batch | FeatureBatch, options: StepOptions): StepResult => {
      log({ kind, count: batch.count, options, labels: [...batch.labels] })
      const index = steps[kind]++
      const loss = script.loss?.(steps.train + steps.tail - 1) ?? 1
      return { loss, correct: script[kind]?.[index] ?? 0 }
    }
    this.live++
    return {
      spec,
      trainStep: (batch, options) => step('train', batch, options),
      trainTailStep: (batch, options) => step('tail', batch, options),
      freezeUpTo: (cut, batchNorm) => log({ kind: 'freeze', cut, batchNorm }),
      featuresAt(cut, images, count) {
        log({ kind: 'features', count })
        const node = spec.cuts.find((candidate) => candidate.name === cut)?.node ?? 0
        const output = nodeSize(spec.nodes[node] ?? { channels: 0, height: 0, width: 0 })
        const input = images.length / count
        return Float32Array.from({ length: count * output }, (_, i) => {
          return images[Math.floor(i / output) * input + ((i % output) % input)] as number
        })
      },
      evaluate(batch) {
        log({ kind: 'evaluate', count: batch.count })
        return { loss: 1, correct: script.evaluate?.[steps.evaluate++] ?? 0, count: batch.count }
      },
      evaluateTail: (batch) => ({ loss: 1, correct: 0, count: batch.count }),
      logits: (_, count) => new Float32Array(count * spec.classes),
      gradients: () => new Float32Array(weights.parameters.length),
      probe: ({ images }, { targets }) => ({
        parameters: new Float32Array(targets.includes('parameters') ? weights.parameters.length : 0),
        inputs: new Float32Array(targets.includes('inputs') ? images.length : 0),
        outputs: new Float32Array(0),
        exponent: 0,
      }),
      gradientsNear: (_, points) => points.map((point) => new Float32Array(point.length)),
      weights: () => weights,
      setWeights: () => {},
      phases: () => ({}),
      memoryBytes: () => 0,
      dispose: () => {
        this.live--
      },
    }
  }
}
