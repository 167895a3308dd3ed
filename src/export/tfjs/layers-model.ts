/*
 * The parts of a TensorFlow.js LayersModel that are written: the topology of Keras 2 as JSON, and weights as float32 in a
 * second file.
 */

/** `model.json`. */
export interface LayersModel {
  readonly format: 'layers-model'
  readonly generatedBy: string
  readonly convertedBy: null
  readonly modelTopology: {
    readonly class_name: 'Model'
    readonly config: {
      readonly name: string
      readonly layers: readonly Layer[]
      readonly input_layers: readonly OutputOf[]
      readonly output_layers: readonly OutputOf[]
    }
    readonly keras_version: string
    readonly backend: string
  }
  readonly weightsManifest: readonly {
    readonly paths: readonly string[]
    readonly weights: readonly WeightEntry[]
  }[]
  readonly userDefinedMetadata: object
}

export interface Layer {
  readonly class_name: string
  readonly name: string
  readonly config: LayerConfig
  /** One list: the layers that it reads. */
  readonly inbound_nodes: readonly (readonly (readonly [...OutputOf, options: object])[])[]
}

export type LayerConfig = Readonly<Record<string, unknown>>

/** An output of a layer; here every layer is used once and has one. */
export type OutputOf = readonly [layer: string, node: 0, tensor: 0]

export interface WeightEntry {
  /** `LAYER/WEIGHT`. */
  readonly name: string
  readonly shape: readonly number[]
  readonly dtype: 'float32'
}

/** Names of the input and outputs. */
export const modelInput = 'images'
export const modelOutputs = ['logits', 'probabilities'] as const

export const weightsFile = 'weights.bin'
