import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { loadLayersModel } from '@tensorflow/tfjs-layers'
import { expect, it } from 'vitest'
import { conformanceNetworks } from '../../src/conformance/engine/networks.js'
import { loadEngine } from '../../src/engines/registry.js'
import { quietly } from '../../src/engines/tfjs/tensorflow.js'
import { checkExport } from '../../src/export/check-export.js'
import type { OpenedExport } from '../../src/export/export-format.js'
import { tfjs } from '../../src/export/tfjs/index.js'
import { inputShape } from '../../src/networks/network-spec.js'
import { imagesOf, originalOf, portableOf } from './portable.js'

const engine = await loadEngine('wasm')
await tf.setBackend('cpu')
// It prints its advice at its first use.
await quietly(() => tf.scalar(0).dispose())

it.each([...conformanceNetworks])('TensorFlow.js loads and predicts: %s', async (_, spec) => {
  const network = portableOf(spec)
  const files = tfjs.files(network)
  const { format, generatedBy, modelTopology, userDefinedMetadata, weightsManifest } = JSON.parse(
    Buffer.from(files['model.json'] as Uint8Array).toString('utf8'),
  )
  const weightData = Uint8Array.from(files['weights.bin'] as Uint8Array).buffer
  const weightSpecs = weightsManifest[0].weights
  const model = await loadLayersModel(
    tf.io.fromMemory({ format, generatedBy, modelTopology, userDefinedMetadata, weightSpecs, weightData }),
  )
  const { channels, height, width } = inputShape(spec)
  const opened: OpenedExport = {
    checkedBy: 'TensorFlow.js',
    unchecked: null,
    predict: (pixels, count) =>
      tf.tidy(() => {
        // Whole numbers, as they come from an image in a browser.
        const images = tf.transpose(tf.tensor4d(pixels, [count, channels, height, width], 'int32'), [0, 2, 3, 1])
        const [logits, probabilities] = (model.predict(images) as tf.Tensor[]).map((output) => output.dataSync())
        return { logits: logits as Float32Array, probabilities: probabilities as Float32Array }
      }),
  }
  const check = await checkExport(opened, originalOf(network, engine), imagesOf(spec))
  expect(check.equalPredictions).toBe(9)
  expect(check.largestLogitDifference).toBeLessThan(1e-5)
  expect(model.getUserDefinedMetadata()).toMatchObject({ classNames: network.classNames, run: 'mine', seed: 3 })
  model.dispose()
})
