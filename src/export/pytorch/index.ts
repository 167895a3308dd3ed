import path from 'node:path'
import { inputShape } from '../../networks/network-spec.js'
import { readPlainFile } from '../../platform/plain-file.js'
import type { ExportFormat, OpenedExport } from '../export-format.js'
import { metadataTexts } from '../metadata.js'
import type { PortableNetwork } from '../portable-network.js'
import { evaluateNetwork } from '../reference/evaluate-network.js'
import { decodeSafetensors, encodeSafetensors } from '../safetensors.js'
import { generateModule } from './generate-module.js'
import { PythonNetwork, torchVersion } from './python-process.js'
import { stateDict, tensorsOfState } from './state-dict.js'

const file = 'model.py'
const weightsFile = 'model.safetensors'

export const pytorch: ExportFormat = {
  name: 'pytorch',
  title: 'PyTorch',
  files(network) {
    const { prefixes, source } = generateModule(network, weightsFile)
    return {
      [file]: Buffer.from(source),
      [weightsFile]: encodeSafetensors(stateDict(network, prefixes), metadataTexts(network)),
    }
  },
  usage({ spec }) {
    const { channels, height, width } = inputShape(spec)
    return `\`${file}\` defines the network and \`${weightsFile}\` has its weights; they need PyTorch and safetensors. It takes uint8 images,
\`[batch, channels, height, width]\`, and gives logits and probabilities. The header of \`${weightsFile}\` has all facts below.

\`\`\`python
import torch
from model import CLASS_NAMES, load

network = load()
images = torch.zeros(1, ${channels}, ${height}, ${width}, dtype=torch.uint8)  # your images
with torch.inference_mode():
    logits, probabilities = network(images)
print(CLASS_NAMES[probabilities[0].argmax()])
\`\`\`
`
  },
  open(directory, network) {
    const version = torchVersion()
    return version === null ? openWithoutPython(directory, network) : openInPython(directory, network, version)
  },
}

function openInPython(directory: string, { spec }: PortableNetwork, version: string): OpenedExport {
  const { channels, height, width } = inputShape(spec)
  const python = new PythonNetwork(directory, [channels, height, width], spec.classes)
  return {
    checkedBy: `running ${file} with PyTorch ${version}`,
    unchecked: null,
    predict: (pixels, count) => python.predict(pixels, count),
    close: () => python.close(),
  }
}

function openWithoutPython(directory: string, network: PortableNetwork): OpenedExport {
  const state = decodeSafetensors(readPlainFile(path.join(directory, weightsFile)))
  const tensors = tensorsOfState(state, network, generateModule(network, weightsFile).prefixes)
  return {
    checkedBy: `computing the network with the weights of ${weightsFile}`,
    unchecked: `${file} was not run, which needs python3 with torch and safetensors (FEAR_NAS_PYTHON names another Python)`,
    predict: (pixels, count) => evaluateNetwork(network, tensors, pixels, count),
  }
}
