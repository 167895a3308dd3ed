import path from 'node:path'
import { readPlainFile } from '../../platform/plain-file.js'
import type { ExportFormat } from '../export-format.js'
import { encodeModel, opset } from './encode-model.js'
import { readModel } from './read-model.js'

const file = 'model.onnx'

export const onnx: ExportFormat = {
  name: 'onnx',
  title: 'ONNX',
  files: (network) => ({ [file]: encodeModel(network) }),
  usage:
    () => `\`${file}\` (opset ${opset}, for ONNX Runtime 1.12 or newer) takes \`images\`, uint8 \`[batch, channels, height, width]\`
with any number of images, and gives \`logits\` and \`probabilities\`. Its metadata has the class names and all facts below.

\`\`\`python
import json, numpy, onnxruntime

session = onnxruntime.InferenceSession("${file}")
names = json.loads(session.get_modelmeta().custom_metadata_map["classNames"])
shape = session.get_inputs()[0].shape[1:]
images = numpy.zeros([1, *shape], numpy.uint8)  # your images
logits, probabilities = session.run(None, {"images": images})
print(names[probabilities[0].argmax()])
\`\`\`
`,
  open: (directory) => ({
    checkedBy: 'running the graph of the written file',
    unchecked: null,
    predict: readModel(readPlainFile(path.join(directory, file))),
  }),
}
