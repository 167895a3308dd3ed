import { fromBinary } from '@bufbuild/protobuf'
import { ExportError } from '../../platform/errors.js'
import { messageOf } from '../../platform/message-of.js'
import type { ExportedOutputs } from '../export-format.js'
import {
  type GraphProto,
  ModelProtoSchema,
  type NodeProto,
  type TensorProto,
  TensorProto_DataType,
} from './generated/onnx-ml_pb.js'
import { type Attributes, operators, type Value } from './operators.js'

/**
 * Runs the graph of an ONNX file, operation by operation as the standard defines them, for the operations that exported
 * networks use. It knows nothing of the network that was exported.
 *
 * @returns a function that predicts from bytes.
 * @throws ExportError if the file cannot be read, or has an operation that is not known here.
 */
export function readModel(bytes: Uint8Array): (pixels: Uint8Array, count: number) => ExportedOutputs {
  const graph = decode(bytes)
  const weights = new Map(graph.initializer.map((tensor) => [tensor.name, decodeTensor(tensor)]))
  const lastReads = lastReadsOf(graph)
  const input = graph.input[0]
  const shape = inputShapeOf(graph)
  return (pixels, count) => {
    const values = new Map<string, Value>([[input?.name ?? '', { shape: [count, ...shape], data: pixels }]])
    graph.node.forEach((node, at) => {
      const inputs = node.input.map((name) => found(values.get(name) ?? weights.get(name), name))
      const run = found(operators[node.opType], `the operation ${node.opType}`)
      values.set(node.output[0] ?? '', run(inputs, attributesOf(node)))
      // Values that no later operation reads: of a deep network they would take gigabytes.
      for (const name of lastReads[at] ?? []) values.delete(name)
    })
    const [logits, probabilities] = graph.output.map(({ name }) => floats(found(values.get(name), name)))
    return { logits: found(logits, 'the logits'), probabilities: found(probabilities, 'the probabilities') }
  }
}

function decode(bytes: Uint8Array): GraphProto {
  try {
    const { graph } = fromBinary(ModelProtoSchema, bytes)
    if (graph !== undefined) return graph
  } catch (cause) {
    throw new ExportError(`The ONNX file cannot be read again (${messageOf(cause)}).`, { cause })
  }
  throw new ExportError('The ONNX file has no graph.')
}

/** `[channels, height, width]`. */
function inputShapeOf({ input }: GraphProto): readonly number[] {
  const type = input[0]?.type?.value
  const dims = type?.case === 'tensorType' ? (type.value.shape?.dim ?? []) : []
  return dims.slice(1).map(({ value }) => Number(value.value))
}

/** For each operation the values that it is the last to read, but for the outputs. */
function lastReadsOf({ node, output }: GraphProto): readonly (readonly string[])[] {
  const last = new Map<string, number>()
  node.forEach(({ input }, at) => {
    for (const name of input) last.set(name, at)
  })
  for (const { name } of output) last.delete(name)
  return node.map(({ input }, at) => input.filter((name) => last.get(name) === at))
}

function decodeTensor({ dataType, dims, name, rawData }: TensorProto): Value {
  const bytes = Uint8Array.from(rawData).buffer
  const shape = dims.map(Number)
  if (dataType === TensorProto_DataType.FLOAT) return { shape, data: new Float32Array(bytes) }
  if (dataType === TensorProto_DataType.INT64) return { shape, data: Array.from(new BigInt64Array(bytes), Number) }
  throw new ExportError(`The tensor ${name} of the ONNX file has an element type that is not written here.`)
}

function attributesOf({ attribute }: NodeProto): Attributes {
  const byName = new Map(attribute.map((entry) => [entry.name, entry]))
  return {
    integer: (name, otherwise) => Number(byName.get(name)?.i ?? otherwise),
    integers: (name, otherwise) => byName.get(name)?.ints.map(Number) ?? otherwise,
    float: (name, otherwise) => byName.get(name)?.f ?? otherwise,
  }
}

function floats({ data }: Value): Float32Array {
  return Float32Array.from(data)
}

function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new ExportError(`The ONNX file lacks ${what}.`)
  return value
}
