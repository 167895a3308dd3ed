import type { WeightTensor } from '../tensors.js'
import type { Layer, LayerConfig, WeightEntry } from './layers-model.js'

/** Collects layers in topological order, and their weights. */
export class LayerWriter {
  readonly layers: Layer[] = []
  readonly weights: WeightEntry[] = []
  readonly #values: Float32Array[] = []
  readonly #names = new Set<string>()

  /**
   * Adds a layer.
   *
   * @param wanted its name; a similar one if TensorFlow.js does not allow it or it is taken
   * @param inputs the layers that it reads, none for the input
   * @param weights by name, in the order of the layer
   * @returns its name.
   */
  add(
    kind: string,
    wanted: string,
    inputs: readonly string[],
    config: LayerConfig = {},
    weights: Readonly<Record<string, WeightTensor>> = {},
  ): string {
    const name = this.#unused(wanted)
    const inbound = inputs.map((input) => [input, 0, 0, {}] as const)
    this.layers.push({
      class_name: kind,
      name,
      config: { name, trainable: false, ...config },
      inbound_nodes: inbound.length === 0 ? [] : [inbound],
    })
    for (const [weight, { shape, values }] of Object.entries(weights)) {
      this.weights.push({ name: `${name}/${weight}`, shape, dtype: 'float32' })
      this.#values.push(values)
    }
    return name
  }

  /** The weights one after another, float32, little endian. */
  weightBytes(): Uint8Array {
    return Buffer.concat(
      this.#values.map(({ buffer, byteLength, byteOffset }) => Buffer.from(buffer, byteOffset, byteLength)),
    )
  }

  /** TensorFlow.js allows letters, digits, `-`, `.`, `_` and `/`, and a letter or digit first. */
  #unused(wanted: string): string {
    const allowed = wanted.replaceAll(/[^A-Za-z0-9._-]/g, '_').replace(/^(?![A-Za-z0-9])/, 'layer')
    let name = allowed
    for (let number = 2; this.#names.has(name); number++) name = `${allowed}_${number}`
    this.#names.add(name)
    return name
  }
}
