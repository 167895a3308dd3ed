import type { Engine } from '../../src/engines/engine.js'
import type { CheckImages, Original } from '../../src/export/check-export.js'
import type { PortableNetwork } from '../../src/export/portable-network.js'
import { inputShape, type NetworkSpec, nodeSize } from '../../src/networks/network-spec.js'
import { initialWeights } from '../../src/networks/weights.js'
import { createRng } from '../../src/platform/rng.js'
import { normalisationTable } from '../../src/training/batches.js'

/** A network as if it had been trained: no weight, mean or variance has the value that it starts with. */
export function portableOf(spec: NetworkSpec, architecture = 'of a test'): PortableNetwork {
  const rng = createRng('portable')
  const between = (low: number, high: number): number => low + (high - low) * rng.nextFloat()
  const { parameters, runningMean, runningVariance } = initialWeights(spec, rng)
  const { channels } = inputShape(spec)
  return {
    spec,
    weights: {
      parameters: parameters.map((value) => value + between(-0.3, 0.3)),
      runningMean: runningMean.map(() => between(-0.5, 0.5)),
      runningVariance: runningVariance.map(() => between(0.3, 3)),
    },
    classNames: Array.from({ length: spec.classes }, (_, i) => `class ${i}`),
    normalisation: {
      mean: Array.from({ length: channels }, () => between(0.2, 0.6)),
      std: Array.from({ length: channels }, () => between(0.2, 0.6)),
    },
    provenance: {
      architecture,
      searchSpace: 'nats-tss',
      run: 'mine',
      trial: 7,
      seed: 3,
      dataset: { name: 'made up', fingerprint: '0123456789abcdef' },
      validationAccuracy: 0.5,
      testAccuracy: 0.25,
      licence: 'CC0-1.0',
    },
  }
}

/** Noise. */
export function imagesOf(spec: NetworkSpec, count = 9): CheckImages {
  const rng = createRng('images')
  const pixels = Uint8Array.from({ length: count * nodeSize(inputShape(spec)) }, () =>
    Math.floor(256 * rng.nextFloat()),
  )
  const labels = Uint8Array.from({ length: count }, (_, i) => i % spec.classes)
  return { count, pixels, labels, description: `${count} images of noise` }
}

/** The network on an engine. */
export function originalOf({ normalisation, spec, weights }: PortableNetwork, engine: Engine): Original {
  const table = normalisationTable(normalisation)
  const input = inputShape(spec)
  const plane = input.height * input.width
  return {
    engine: engine.name,
    logits(pixels) {
      const network = engine.create(spec, weights)
      const images = Float32Array.from(
        pixels,
        (byte, i) => table[256 * (Math.floor(i / plane) % input.channels) + byte] as number,
      )
      const logits = network.logits(images, pixels.length / nodeSize(input))
      network.dispose()
      return logits
    },
  }
}
