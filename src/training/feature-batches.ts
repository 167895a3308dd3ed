import type { FeatureBatch, FrozenBatchNorm, TrainableNetwork } from '../engines/engine.js'
import { trunkFlops } from '../networks/flops.js'
import { type CutPoint, type NetworkSpec, nodeSize } from '../networks/network-spec.js'
import { createRng, type SeedPart } from '../platform/rng.js'
import type { EpochBatches, ImageBatches } from './batches.js'
import type { CostMeter } from './cost-meter.js'
import { type Interruption, interruptionOf } from './epoch.js'

/** The features of a cut for every image of a split, by the image's index. */
export interface CachedFeatures {
  readonly kind: 'cached'
  /** `[images, channels, height, width]` of the cut's node. */
  readonly features: Float32Array
  readonly labels: Int32Array
  /** Values in one image's features. */
  readonly size: number
}

/** A buffer for features, reused by the next trial. It grows to the largest length requested. */
export class FeatureBuffer {
  #values = new Float32Array(0)

  /** `length` values of unspecified content, valid until the next call. */
  take(length: number): Float32Array {
    if (this.#values.length < length) this.#values = new Float32Array(length)
    return this.#values.subarray(0, length)
  }
}

/**
 * Computes the features of every image at `cut`, once, and counts it in the current phase of `meter`.
 *
 * The chunks are the batches of the epoch that `images` has begun. With batch statistics in the frozen trunk an image's
 * features depend on its chunk: begin epoch 0 of the training that will use the features, and they equal those that
 * epoch would compute without a cache.
 */
export function cacheFeatures(
  network: TrainableNetwork,
  cut: CutPoint,
  images: ImageBatches,
  batchNorm: FrozenBatchNorm,
  meter: CostMeter,
  timeoutSeconds: number,
  buffer: FeatureBuffer,
): CachedFeatures | Interruption {
  const size = featureSize(network.spec, cut)
  const flopsPerImage = trunkFlops(network.spec, cut.node)
  const features = buffer.take(images.images * size)
  const labels = new Int32Array(images.images)
  for (let step = 0; step < images.steps; step++) {
    const batch = images.at(step)
    const chunk = network.featuresAt(cut.name, batch.images, batch.count, batchNorm)
    images.indices(step).forEach((image, row) => {
      features.set(chunk.subarray(row * size, (row + 1) * size), image * size)
      labels[image] = batch.labels[row] as number
    })
    meter.addFlops(flopsPerImage * batch.count)
    const interruption = interruptionOf(meter, timeoutSeconds)
    if (interruption !== null) return interruption
  }
  return { kind: 'cached', features, labels, size }
}

/** Batches of cached features in the same order in which `ImageBatches` of the same data seed draws the images. */
export class FeatureBatches implements EpochBatches<FeatureBatch> {
  readonly steps: number
  readonly images: number
  readonly #cached: CachedFeatures
  readonly #dataSeed: readonly SeedPart[]
  #order: Uint32Array
  readonly #full: FeatureBatch
  readonly #last: FeatureBatch

  constructor(cached: CachedFeatures, batch: number, dataSeed: readonly SeedPart[]) {
    this.#cached = cached
    this.#dataSeed = dataSeed
    this.images = cached.labels.length
    const count = Math.min(batch, this.images)
    this.steps = Math.ceil(this.images / count)
    this.#order = Uint32Array.from({ length: this.images }, (_, i) => i)
    const features = new Float32Array(count * cached.size)
    const labels = new Int32Array(count)
    const rest = this.images - (this.steps - 1) * count
    this.#full = { features, labels, count }
    this.#last = { features: features.subarray(0, rest * cached.size), labels: labels.subarray(0, rest), count: rest }
  }

  begin(epoch: number): void {
    this.#order = createRng(...this.#dataSeed, 'order', epoch).permutation(this.images)
  }

  at(step: number): FeatureBatch {
    const batch = step === this.steps - 1 ? this.#last : this.#full
    const { features, labels, size } = this.#cached
    for (let i = 0; i < batch.count; i++) {
      const image = this.#order[step * this.#full.count + i] as number
      batch.features.set(features.subarray(image * size, (image + 1) * size), i * size)
      batch.labels[i] = labels[image] as number
    }
    return batch
  }
}

/** Values in one image's features at `cut`. */
function featureSize(spec: NetworkSpec, cut: CutPoint): number {
  const node = spec.nodes[cut.node]
  if (node === undefined) throw new RangeError(`the cut ${cut.name} is not in the network`)
  return nodeSize(node)
}
