import path from 'node:path'
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
  usage:
    () => `\`${file}\` and \`${weightsFile}\` are a LayersModel of TensorFlow.js, for browsers and Node. It takes pixels 0..255,
\`[batch, height, width, channels]\`, and gives two tensors: logits and probabilities. \`model.getUserDefinedMetadata()\` has the class names
and all facts below.

\`\`\`js
import * as tf from '@tensorflow/tfjs'

const model = await tf.loadLayersModel('${file}') // its address
const { classNames, input } = model.getUserDefinedMetadata()
const { channels, height, width } = input
const pixels = new Uint8Array(height * width * channels) // your image
const image = tf.tensor(pixels, [1, height, width, channels], 'int32')
const [logits, probabilities] = model.predict(image)
alert(classNames[probabilities.argMax(1).dataSync()[0]])
\`\`\`

Resize images of another size by averaging areas: \`tf.image\` and the canvas of a browser do it otherwise, and predictions would
differ. The folder \`examples/browser\` of the package fear-nas is a page that reads, resizes and classifies a file as fear-nas does.
`,
  open: (directory) => ({
    checkedBy: 'running the layers of the written files',
    unchecked: null,
    predict: readModel(readPlainFile(path.join(directory, file)), readPlainFile(path.join(directory, weightsFile))),
  }),
}
