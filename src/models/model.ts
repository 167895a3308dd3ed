import type { Dataset, Split } from '../datasets/dataset.js'
import type { Engine, TrainableNetwork } from '../engines/engine.js'
import { mostProbable } from '../networks/most-probable.js'
import type { NetworkSpec } from '../networks/network-spec.js'
import type { NetworkWeights } from '../networks/weights.js'
import { ArchitectureError, ConfigError, EngineError, NetworkFileError } from '../platform/errors.js'
import { createSearchSpace, type SpaceSetup } from '../spaces/registry.js'
import type { Architecture, SearchSpace } from '../spaces/search-space.js'
import { normalisationTable } from '../training/batches.js'
import { checkBytes, checkLabelled, checkLabels } from './check-images.js'
import type { NetworkFacts, NetworkSurroundings } from './network-file.js'

/** The prediction of a network for an image. */
export interface Prediction {
  /** Index of the most probable class. */
  readonly label: number
  readonly className: string
  /** Probability of that class, in 0..1. */
  readonly probability: number
  /** Probabilities of all classes, in the order of `classNames`; they sum to 1. */
  readonly probabilities: Float32Array
}

/** Images per batch: enough for an engine to be fast, and few enough to need little memory. */
const batch = 128

/**
 * A trained network that is ready for use, with all that belongs to it.
 *
 * @example
 * const model = await loadNetwork('results/mine/best-fear.bin')
 * const { channels, height, width } = model.input
 * const [first] = model.predict(new Uint8Array(channels * height * width))
 * console.log(first?.className, first?.probability)
 * model.dispose()
 */
export class Model implements NetworkFacts {
  readonly architecture: Architecture
  readonly trial: number
  /** In 0..1; null of a network that was trained on the validation images, too. */
  readonly validationAccuracy: number | null
  readonly space: SpaceSetup
  readonly classNames: readonly string[]
  /** Networks see `(byte / 255 - mean) / std`, per channel. */
  readonly normalisation: Dataset['normalisation']
  /** The name of the engine that it runs on. */
  readonly engine: string
  readonly #network: TrainableNetwork
  readonly #table: Float32Array

  /**
   * @param own the search space, where the file cannot say all of it: one of a module or a value
   * @throws NetworkFileError if the weights do not fit the architecture; ConfigError if the space is not known here.
   */
  constructor(
    { architecture, trial, validationAccuracy, weights }: NetworkFacts & { readonly weights: NetworkWeights },
    { classNames, normalisation, space }: NetworkSurroundings,
    engine: Engine,
    own?: SearchSpace,
  ) {
    this.architecture = architecture
    this.trial = trial
    this.validationAccuracy = validationAccuracy
    this.space = space
    this.classNames = classNames
    this.normalisation = normalisation
    this.engine = engine.name
    this.#table = normalisationTable(normalisation)
    this.#network = build(architecture, weights, own ?? knownSpace(space), space, engine)
  }

  /** The shape of an image. */
  get input(): SpaceSetup['macro']['input'] {
    return this.space.macro.input
  }

  /** The network as a graph, in whose order `weights` are. */
  get network(): NetworkSpec {
    return this.#network.spec
  }

  /**
   * The classes of images.
   *
   * @param pixels bytes 0..255, `[images, channels, height, width]`, of any number of images
   * @throws ConfigError if these are not bytes, or not of a whole number of images; EngineError after `dispose`.
   */
  predict(pixels: Uint8Array): readonly Prediction[] {
    const logits = this.logits(pixels)
    const classes = this.classNames.length
    const count = logits.length / classes
    return Array.from({ length: count }, (_, i) => this.#prediction(logits.subarray(i * classes, (i + 1) * classes)))
  }

  /**
   * The outputs of the last layer, `[images, classes]`: their softmax is what `predict` calls probabilities.
   *
   * @throws ConfigError, EngineError as `predict`.
   */
  logits(pixels: Uint8Array): Float32Array {
    checkBytes(pixels)
    const { channels, height, width } = this.input
    const size = channels * height * width
    if (pixels.length % size !== 0) {
      throw new ConfigError(
        `The network takes images of ${channels} x ${height} x ${width} bytes (channels, height, width), and ` +
          `${pixels.length} bytes are not a whole number of them. Resample the images first.`,
      )
    }
    const classes = this.classNames.length
    const logits = new Float32Array((pixels.length / size) * classes)
    for (let from = 0; from < pixels.length; from += batch * size) {
      logits.set(this.#logitsOf(pixels.subarray(from, from + batch * size), size), (from / size) * classes)
    }
    return logits
  }

  /**
   * The accuracy: the share of correctly classified images, in 0..1; NaN without images.
   *
   * @throws ConfigError as `predict`, and if there is not one label for each image, a number below the number of classes.
   */
  evaluate(images: Pick<Split, 'labels' | 'pixels'>): number {
    checkLabelled(images)
    const { labels, pixels } = images
    const predictions = this.predict(pixels)
    checkLabels(labels, predictions.length, this.classNames.length)
    return predictions.filter(({ label }, i) => label === labels[i]).length / predictions.length
  }

  /** A copy of the weights, flat, in the order of `parameterLayout` of `fear-nas/engine`. */
  weights(): NetworkWeights {
    return this.#network.weights()
  }

  /** Frees its memory. */
  dispose(): void {
    this.#network.dispose()
  }

  #logitsOf(pixels: Uint8Array, size: number): Float32Array {
    const count = pixels.length / size
    const plane = this.input.height * this.input.width
    const images = new Float32Array(pixels.length)
    for (let i = 0; i < pixels.length; i++) {
      const channel = Math.floor((i % size) / plane)
      images[i] = this.#table[256 * channel + (pixels[i] as number)] as number
    }
    return this.#network.logits(images, count)
  }

  #prediction(logits: Float32Array): Prediction {
    const { label, probabilities, probability } = mostProbable(logits)
    return { label, className: this.classNames[label] ?? '', probability, probabilities }
  }
}

/** A file may come from anyone, so it does not make this program load a module. */
function knownSpace(space: SpaceSetup): SearchSpace {
  if (space.name !== 'module' && space.name !== 'value') return createSearchSpace(space)
  const which = space.name === 'module' ? `module ${space.module}` : `value ${String(space.value)}`
  throw new ConfigError(
    `The network belongs to a search space that is not of this package (${which}). Pass it: loadNetwork(file, { space }).`,
  )
}

function build(
  architecture: Architecture,
  weights: NetworkWeights,
  space: SearchSpace,
  { macro }: SpaceSetup,
  engine: Engine,
): TrainableNetwork {
  try {
    return engine.create(space.network(space.parse(architecture), macro), weights)
  } catch (cause) {
    if (!(cause instanceof ArchitectureError || cause instanceof EngineError)) throw cause
    throw new NetworkFileError(
      `The network ${architecture} cannot be built from its file: ${cause.message} Restore the file.`,
      { cause },
    )
  }
}
