import path from 'node:path'
import type { NetworkSpec } from '../../networks/network-spec.js'
import { parameterLayout } from '../../networks/parameters.js'
import type { NetworkWeights } from '../../networks/weights.js'
import { readPlainFile } from '../../platform/plain-file.js'
import type { ExportFormat } from '../export-format.js'
import { type Metadata, metadataOf } from '../metadata.js'
import { evaluateNetwork } from '../reference/evaluate-network.js'
import { networkTensors } from '../tensors.js'

const file = 'network.json'

/** The contents of the file; docs/export.md describes it. Weights are float32, little endian, in base64. */
interface NetworkDocument extends Metadata {
  readonly schema: 1
  readonly network: NetworkSpec
  readonly parameters: readonly TensorDocument[]
  readonly batchNorms: readonly (Pick<TensorDocument, 'edge' | 'name'> & {
    readonly mean: string
    readonly variance: string
  })[]
}

interface TensorDocument {
  readonly name: string
  readonly kind: string
  readonly shape: readonly number[]
  /** Index into the edges of the network; null for the head. */
  readonly edge: number | null
  readonly values: string
}

export const json: ExportFormat = {
  name: 'json',
  title: 'JSON',
  files(network) {
    const { spec, weights } = network
    const { batchNorms, parameters } = parameterLayout(spec)
    const document: NetworkDocument = {
      schema: 1,
      ...metadataOf(network),
      network: spec,
      parameters: parameters.map(({ offset, size, ...facts }) => ({
        ...facts,
        values: base64(weights.parameters.subarray(offset, offset + size)),
      })),
      batchNorms: batchNorms.map(({ channels, edge, name, offset }) => ({
        name,
        edge,
        mean: base64(weights.runningMean.subarray(offset, offset + channels)),
        variance: base64(weights.runningVariance.subarray(offset, offset + channels)),
      })),
    }
    return { [file]: Buffer.from(`${JSON.stringify(document, null, 1)}\n`) }
  },
  usage:
    () => `\`${file}\` has the graph of the network, its weights and all facts below, for programs of your own. Each node is the sum of its
edges; docs/export.md of fear-nas describes the fields. Weights are float32, little endian, in base64.

\`\`\`python
import base64, json, numpy

network = json.load(open("${file}"))
for tensor in network["parameters"]:
    values = numpy.frombuffer(base64.b64decode(tensor["values"]), "<f4").reshape(tensor["shape"])
    print(tensor["name"], values.shape)
\`\`\`
`,
  open(directory) {
    const text = readPlainFile(path.join(directory, file)).toString('utf8')
    const { batchNorms, network: spec, normalisation, parameters } = JSON.parse(text) as NetworkDocument
    const weights: NetworkWeights = {
      parameters: floats(parameters.map(({ values }) => values)),
      runningMean: floats(batchNorms.map(({ mean }) => mean)),
      runningVariance: floats(batchNorms.map(({ variance }) => variance)),
    }
    const tensors = networkTensors(spec, weights)
    return {
      checkedBy: 'computing the graph of the written file',
      unchecked: null,
      predict: (pixels, count) => evaluateNetwork({ normalisation, spec }, tensors, pixels, count),
    }
  },
}

function base64({ buffer, byteLength, byteOffset }: Float32Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64')
}

/** The values of several tensors, one after another. */
function floats(tensors: readonly string[]): Float32Array {
  return new Float32Array(Uint8Array.from(Buffer.concat(tensors.map((text) => Buffer.from(text, 'base64')))).buffer)
}
