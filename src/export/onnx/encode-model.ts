import { create, toBinary } from '@bufbuild/protobuf'
import { inputShape } from '../../networks/network-spec.js'
import { packageVersion } from '../../platform/package-version.js'
import { metadataOf, metadataTexts } from '../metadata.js'
import type { PortableNetwork } from '../portable-network.js'
import { buildGraph, graphInput, graphOutputs } from './build-graph.js'
import {
  ModelProtoSchema,
  TensorProto_DataType,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from './generated/onnx-ml_pb.js'

/** ONNX Runtime reads these since 1.12 (2022). */
const irVersion = 8n
export const opset = 17n

/** The bytes of an ONNX file: bytes `[batch, channels, height, width]` in, logits and probabilities out. */
export function encodeModel(network: PortableNetwork): Uint8Array {
  const { classes } = network.spec
  const { channels, height, width } = inputShape(network.spec)
  const { initializers, nodes } = buildGraph(network)
  const metadata = metadataOf(network)
  const model = create(ModelProtoSchema, {
    irVersion,
    opsetImport: [{ domain: '', version: opset }],
    producerName: 'fear-nas',
    producerVersion: packageVersion(),
    docString: `${metadata.architecture}. ${metadata.preprocessing}`,
    metadataProps: Object.entries(metadataTexts(network)).map(([key, value]) => ({ key, value })),
    graph: {
      name: 'network',
      node: nodes,
      initializer: initializers,
      input: [valueInfo(graphInput, TensorProto_DataType.UINT8, [channels, height, width])],
      output: graphOutputs.map((name) => valueInfo(name, TensorProto_DataType.FLOAT, [classes])),
    },
  })
  return toBinary(ModelProtoSchema, model)
}

/** A value with a free number of images. */
function valueInfo(name: string, elemType: TensorProto_DataType, shape: readonly number[]): ValueInfoProto {
  const dim = [
    { value: { case: 'dimParam' as const, value: 'batch' } },
    ...shape.map((length) => ({ value: { case: 'dimValue' as const, value: BigInt(length) } })),
  ]
  return create(ValueInfoProtoSchema, {
    name,
    type: { value: { case: 'tensorType', value: { elemType, shape: { dim } } } },
  })
}
