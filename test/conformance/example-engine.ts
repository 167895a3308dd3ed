import { float64Engine } from '../../src/conformance/index.js'
import type { Engine, NetworkSpec, NetworkWeights, TrainableNetwork } from '../../src/engine.js'

/** An engine in double precision: slow, and right. */
export const exampleEngine: Engine = {
  name: 'example',
  info: { version: '1', device: 'javascript', gpu: false, maxThreads: Number.POSITIVE_INFINITY },
  create: createNetwork,
}

/** Here `float64Engine` does the arithmetic. No argument is checked: fear-nas does that before it calls an engine. */
function createNetwork(spec: NetworkSpec, weights: NetworkWeights): TrainableNetwork {
  const network = float64Engine.create(spec, weights)
  return {
    spec,
    trainStep: (batch, options) => rounded(network, () => network.trainStep(batch, options)),
    freezeUpTo: (cut, frozenBatchNorm) => network.freezeUpTo(cut, frozenBatchNorm),
    featuresAt: (cut, images, count, batchNorm) =>
      rounded(network, () => network.featuresAt(cut, images, count, batchNorm)),
    trainTailStep: (batch, options) => rounded(network, () => network.trainTailStep(batch, options)),
    evaluate: (batch) => network.evaluate(batch),
    evaluateTail: (batch) => network.evaluateTail(batch),
    logits: (images, count) => network.logits(images, count),
    gradients: (batch) => network.gradients(batch),
    gradientsNear: (batch, points) => network.gradientsNear(batch, points),
    probe: (batch, options) => network.probe(batch, options),
    weights: () => network.weights(),
    setWeights: (values) => network.setWeights(values),
    phases: () => ({}),
    memoryBytes: () => network.memoryBytes(),
    dispose: () => network.dispose(),
  }
}

/** Weights are float32 in every engine: what `weights()` gives is what the network goes on from. */
function rounded<T>(network: TrainableNetwork, work: () => T): T {
  const result = work()
  network.setWeights(network.weights())
  return result
}
