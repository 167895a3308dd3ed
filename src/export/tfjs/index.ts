import path from 'node:path'
import { inputShape } from '../../networks/network-spec.js'
import { readPlainFile } from '../../platform/plain-file.js'
import type { ExportFormat } from '../export-format.js'
import { encodeModel } from './encode-model.js'
import { weightsFile } from './layers-model.js'
import { readModel } from './read-model.js'

const file = 'model.json'

export const tfjs: ExportFormat = {
  name: 'tfjs',
  title: 'TensorFlow.js',
  files(network) {
    const { model, weights } = encodeModel(network)
    return { [file]: Buffer.from(`${JSON.stringify(model)}\n`), [weightsFile]: weights }
  },
  usage(network) {
    const { channels } = inputShape(network.spec)
    return `\`${file}\` and \`${weightsFile}\` are a LayersModel of TensorFlow.js, for browsers and Node. It takes pixels 0..255,
\`[batch, height, width, channels]\`, and gives two tensors: logits and probabilities. \`model.getUserDefinedMetadata()\` has the class names
and all facts below.

\`\`\`js
import * as tf from '@tensorflow/tfjs'

const model = await tf.loadLayersModel('${file}') // its address
const [height, width] = model.inputs[0].shape.slice(1)
const pixels = tf.browser.fromPixels(document.querySelector('img'), ${channels})
const image = tf.image.resizeBilinear(pixels, [height, width]).expandDims()
const [logits, probabilities] = model.predict(image)
const { classNames } = model.getUserDefinedMetadata()
alert(classNames[probabilities.argMax(1).dataSync()[0]])
\`\`\`
`
  },
  open: (directory) => ({
    checkedBy: 'running the layers of the written files',
    unchecked: null,
    predict: readModel(readPlainFile(path.join(directory, file)), readPlainFile(path.join(directory, weightsFile))),
  }),
}
