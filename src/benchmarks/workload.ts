import type { Engine, EnginePhases, StepOptions } from '../engines/engine.js'
import { resolveCut } from '../networks/cuts.js'
import { forwardFlops, trainingFlops } from '../networks/flops.js'
import { type CutPoint, inputShape, type NetworkSpec, nodeSize } from '../networks/network-spec.js'
import { initialWeights } from '../networks/weights.js'
import { createRng } from '../platform/rng.js'
import { natsTss } from '../spaces/nats-tss/index.js'
import type { Architecture } from '../spaces/search-space.js'

/** `step`: a training step; `tail`: one of the part above a cut, on stored features; `evaluate`: inference. */
export type BenchmarkKind = 'step' | 'tail' | 'evaluate'

/** A benchmark case: one batch through a nats-tss network. */
export interface BenchmarkCase {
  readonly kind: BenchmarkKind
  readonly architecture: Architecture
  /** Channels of the first stage. */
  readonly channels: number
  /** Cells in each of the three stages. */
  readonly cells: number
  /** Images in the batch. */
  readonly batch: number
  /** Height and width of the images. */
  readonly size: number
  readonly inputChannels: number
  /** The name of a cut, for `tail`; null otherwise. */
  readonly cut: string | null
}

/** A network with a batch, ready for timing. */
export interface Workload {
  /** Runs the work once. */
  run(): void
  /** Seconds since creation by phase, as measured by the engine. */
  phases(): EnginePhases
  dispose(): void
}

const classes = 10
const options: StepOptions = { learningRate: 0.1, momentum: 0.9, nesterov: true, weightDecay: 5e-4, clipNorm: 5 }

/**
 * The network of a case.
 *
 * @throws ArchitectureError or ConfigError if there is no such network.
 */
export function benchmarkNetwork({ architecture, channels, cells, size, inputChannels }: BenchmarkCase): NetworkSpec {
  const input = { channels: inputChannels, height: size, width: size }
  return natsTss.network(architecture, { channels, cells, input, classes })
}

/**
 * FLOPs of running the case once, as `networks/flops` counts them: convolutions and the linear layer, a multiply-add as
 * two, regardless of the engine's method (Winograd's multiplies less).
 *
 * @throws ConfigError if the network has no such cut.
 */
export function benchmarkFlops(one: BenchmarkCase, spec: NetworkSpec = benchmarkNetwork(one)): number {
  return one.batch * flopsPerImage(one, spec)
}

function flopsPerImage(one: BenchmarkCase, spec: NetworkSpec): number {
  switch (one.kind) {
    case 'step':
      return trainingFlops(spec)
    case 'tail':
      return trainingFlops(spec, { frozenAt: cutOf(one, spec).node, cachedFeatures: true })
    case 'evaluate':
      return forwardFlops(spec)
  }
}

/**
 * Creates the network of a case, and random images and labels (or features) from a fixed seed.
 *
 * @throws ArchitectureError or ConfigError if there is no such network or cut.
 */
export function createWorkload(engine: Engine, one: BenchmarkCase): Workload {
  const spec = benchmarkNetwork(one)
  const cut = one.kind === 'tail' ? cutOf(one, spec) : null
  const { batch: count } = one
  const rng = createRng('benchmark')
  const network = engine.create(spec, initialWeights(spec, rng.fork('weights')))
  const images = Float32Array.from({ length: count * nodeSize(inputShape(spec)) }, () => rng.normal())
  const labels = Int32Array.from({ length: count }, () => rng.integer(classes))
  const batch = { images, labels, count }
  const phases = () => network.phases()
  const dispose = () => network.dispose()
  if (cut !== null) {
    network.freezeUpTo(cut.name, 'running')
    const features = network.featuresAt(cut.name, images, count, 'running')
    return { run: () => network.trainTailStep({ features, labels, count }, options), phases, dispose }
  }
  if (one.kind === 'evaluate') return { run: () => network.evaluate(batch), phases, dispose }
  return { run: () => network.trainStep(batch, options), phases, dispose }
}

function cutOf({ cut }: BenchmarkCase, spec: NetworkSpec): CutPoint {
  return resolveCut(spec, cut ?? 'last-stage')
}
