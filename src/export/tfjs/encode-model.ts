import { metadataOf } from '../metadata.js'
import type { PortableNetwork } from '../portable-network.js'
import { buildLayers } from './build-layers.js'
import { type LayersModel, modelInput, modelOutputs, weightsFile } from './layers-model.js'

/** The contents of `model.json` and of the file of weights. */
export function encodeModel(network: PortableNetwork): { readonly model: LayersModel; readonly weights: Uint8Array } {
  const built = buildLayers(network)
  const metadata = metadataOf(network)
  const model: LayersModel = {
    format: 'layers-model',
    generatedBy: metadata.producer,
    convertedBy: null,
    userDefinedMetadata: metadata,
    modelTopology: {
      class_name: 'Model',
      config: {
        name: 'network',
        layers: built.layers,
        input_layers: [[modelInput, 0, 0]],
        output_layers: modelOutputs.map((name) => [name, 0, 0] as const),
      },
      // The form of the JSON, which TensorFlow.js shares with Keras.
      keras_version: '2.4.0',
      backend: 'tensorflow',
    },
    weightsManifest: [{ paths: [weightsFile], weights: built.weights }],
  }
  return { model, weights: built.weightBytes() }
}
